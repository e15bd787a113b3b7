// biome-ignore format: a list of codes reads best in a row
/** The countries that the form offers. */
export const countries = [
  'AT', 'BR', 'CA', 'DE', 'ES', 'FR', 'GB', 'IE', 'JP', 'MX', 'NL', 'PL', 'US',
] as const

/** Returns the country of the browser's settings; a real shop would use the visitor's address. */
export function browserCountry(): string {
  const region = new Intl.Locale(navigator.language).maximize().region ?? 'US'
  return countries.find((code) => code === region) ?? 'US'
}

export function browserLanguage(): string {
  return new Intl.Locale(navigator.language).language
}
