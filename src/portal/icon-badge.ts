/** Paints a number onto the icon of the page; 0 puts the icon back. Does nothing on a page that has none. */
export function iconBadge(page: Document = document): (count: number) => void {
  const link = page.querySelector<HTMLLinkElement>('link[rel~="icon"]')
  if (link === null) return () => {}
  const { href } = link
  const image = page.createElement('img')
  image.src = href
  return (count) => {
    try {
      link.href = count > 0 ? painted(page.createElement('canvas'), image, count) : href
    } catch {
      // An icon of another site, or a browser without a canvas: the title counts as well.
    }
  }
}

function painted(canvas: HTMLCanvasElement, image: HTMLImageElement, count: number): string {
  canvas.width = canvas.height = 32
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D
  if (image.naturalWidth > 0) pen.drawImage(image, 0, 0, 32, 32)
  pen.fillStyle = '#c02'
  pen.arc(20, 20, 12, 0, 7)
  pen.fill()
  pen.fillStyle = '#fff'
  pen.font = 'bold 18px sans-serif'
  pen.textAlign = 'center'
  pen.fillText(count > 9 ? '9+' : `${count}`, 20, 26)
  return canvas.toDataURL()
}
