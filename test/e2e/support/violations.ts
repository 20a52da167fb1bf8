// Imported before all else, so that no violation of the page's policy is missed.
export const violations: string[] = []

document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
  violations.push(`${effectiveDirective} ${blockedURI} ${sample}`)
})
