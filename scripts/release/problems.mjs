/**
 * @typedef {object} Release
 * @property {string} tag `v1.2.3`
 * @property {Record<string, any>} manifest package.json
 * @property {string} changelog
 * @property {{ version: string, types: Record<string, string> } | undefined} last The release before: its declarations by file.
 * @property {Record<string, string>} types The declarations of this one.
 */

/** What keeps this from being released, a sentence each. @param {Release} release @returns {string[]} */
export function problemsOf({ tag, manifest, changelog, last, types }) {
  const { version } = manifest
  return [
    tag !== `v${version}` && `The tag is ${tag}, and package.json says ${version}: tag v${version}.`,
    ...['repository', 'homepage', 'bugs'].map(
      (field) =>
        !manifest[field] && `package.json has no "${field}": the registry's page would link to nothing.`,
    ),
    ...changelogProblems(changelog, version),
    last && versionProblem(last, version, types),
  ].filter((problem) => typeof problem === 'string')
}

/** @param {string} changelog @param {string} version */
function changelogProblems(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((text) => text.split(/[\s,]/)[0] === version)
  if (!section) return [`CHANGELOG.md has no section "## ${version}".`]
  return [
    section !== sections[0] && `CHANGELOG.md: "## ${version}" is not the newest section.`,
    !/^\S+, \d{4}-\d\d-\d\d$/.test(section.split('\n')[0] ?? '') &&
      `CHANGELOG.md: write the day of the release: "## ${version}, YYYY-MM-DD".`,
    /not published yet/i.test(section) && `CHANGELOG.md: "## ${version}" says that it is not published yet.`,
  ]
}

/** @param {NonNullable<Release['last']>} last @param {string} version @param {Record<string, string>} types */
function versionProblem(last, version, types) {
  const [before, now] = [last.version, version].map((text) => text.split('.').map(Number))
  const step = now?.findIndex((part, index) => part !== before?.[index])
  if (step === undefined || step < 0) return `${version} is released already.`
  if (Number(now?.[step]) < Number(before?.[step]))
    return `${version} is older than the last release, ${last.version}.`
  // A patch changes no type. Whether a change breaks is for people to say.
  return step === 2 && changedTypes(last.types, types).length > 0
    ? `${version} is a patch, but public types have changed: ${changedTypes(last.types, types).join(', ')}.`
    : false
}

/** The files whose declarations are other ones. @param {Record<string, string>} before @param {Record<string, string>} now */
export function changedTypes(before, now) {
  const files = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()
  return files.filter((file) => before[file] !== now[file])
}
