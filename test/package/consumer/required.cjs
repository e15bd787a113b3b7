// CommonJS: everything is required.
const { openDesk } = require('frontbell')

async function main() {
  const desk = await openDesk({ staff: [{ id: 'ana' }] })
  desk.on('ring', ({ staffIds }) => console.log(`rings for ${staffIds.join(', ')}`))
  await desk.connect('ana', 'tab-1')
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await desk.idle()
  await desk.close()
}

main()
