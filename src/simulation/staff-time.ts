import type { StaffTimeFigures } from './simulation-result'

/** How long people were there, and what they had in hand. */
export class StaffTime {
  staffedMs = 0
  busyMs = 0
  loadMs = 0
  capacityMs = 0

  add({ staffedMs, busyMs, loadMs, capacityMs }: StaffTime): void {
    this.staffedMs += staffedMs
    this.busyMs += busyMs
    this.loadMs += loadMs
    this.capacityMs += capacityMs
  }

  clear(): void {
    this.staffedMs = 0
    this.busyMs = 0
    this.loadMs = 0
    this.capacityMs = 0
  }

  figures(): StaffTimeFigures {
    const { staffedMs, busyMs, loadMs, capacityMs } = this
    return {
      staffedMs,
      occupancy: staffedMs === 0 ? null : busyMs / staffedMs,
      load: capacityMs === 0 ? null : loadMs / capacityMs,
    }
  }
}
