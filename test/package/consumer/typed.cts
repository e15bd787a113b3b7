import frontbell = require('frontbell')

export async function main(): Promise<number> {
  const desk: frontbell.Desk = await frontbell.openDesk({ staff: [{ id: 'ana' }] })
  return desk.version
}
