/**
 * The parts of frameworks that docs/guides/recipes.md calls, so that its blocks compile though none is installed.
 * The names and types are those of the frameworks' own declarations.
 */
declare module 'vue' {
  export interface ShallowRef<T> {
    value: T
  }
  export function shallowRef<T>(value: T): ShallowRef<T>
  export function onScopeDispose(dispose: () => void): void
}

declare module 'svelte/store' {
  export interface Readable<T> {
    subscribe(run: (value: T) => void): () => void
  }
  export function readable<T>(value: T, start: (set: (value: T) => void) => () => void): Readable<T>
}

declare module '@angular/core' {
  export type Signal<T> = () => T
  export interface WritableSignal<T> extends Signal<T> {
    set(value: T): void
    asReadonly(): Signal<T>
  }
  export function signal<T>(value: T): WritableSignal<T>
  export interface DestroyRef {
    onDestroy(callback: () => void): () => void
  }
  export const DestroyRef: abstract new () => DestroyRef
  export function inject<T>(token: abstract new () => T): T
}

declare module '@nestjs/common' {
  export interface OnApplicationShutdown {
    onApplicationShutdown(signal?: string): unknown
  }
  export interface FactoryProvider<T> {
    provide: string | symbol
    useFactory: () => T | Promise<T>
  }
}
