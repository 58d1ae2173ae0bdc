// Adds to package-lock.json the optional packages of other platforms that the registry at hand did not serve when the
// lockfile was made. Without their names in it, `npm ci` holds the lockfile to be out of date. Run after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const OS = ['android', 'darwin', 'freebsd', 'linux', 'win32'];
const CPU = {
  arm64: 'arm64',
  x64: 'x64',
  gnueabihf: 'arm',
  arm: 'arm',
  wasm32: 'wasm32',
  ia32: 'ia32',
  riscv64: 'riscv64',
  ppc64: 'ppc64',
  s390x: 's390x',
};

/** What `@scope/tool-linux-x64-musl` says of the platform it is for. */
function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const cpu = words.map((word) => CPU[word]).find(Boolean);
  const os = words.filter((word) => OS.includes(word));
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return { ...(cpu && { cpu: [cpu] }), ...(os.length > 0 && { os }), ...(libc.length > 0 && { libc }) };
}

let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d/.test(range)) continue;
    lock.packages[key] = { version: range, ...(entry.dev && { dev: true }), optional: true, ...platformOf(name) };
    added += 1;
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);
