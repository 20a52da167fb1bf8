/** A picture behind the API: each number has its own colours. */
export function drawPicture(id: number): Response {
  const hue = (id * 47) % 360
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40" width="60" height="40">
<path fill="hsl(${hue} 60% 82%)" d="M0 0h60v40H0z"/>
<circle cx="44" cy="12" r="6" fill="hsl(${(hue + 40) % 360} 90% 60%)"/>
<path fill="hsl(${hue} 45% 45%)" d="M0 40l18-24 12 14 8-9 22 19z"/>
</svg>`
  return new Response(svg, { headers: { 'Content-Type': 'image/svg+xml' } })
}
