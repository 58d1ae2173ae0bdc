import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OPERATIONS } from './api/openapi.ts';

// The house's own rules, held by a test: who imports whom, how large things are, which words are banned, what is
// written down. `house.md` of the plan has the reasons.

const ROOT = path.resolve(import.meta.dirname, '..');
const SKIPPED = new Set(['node_modules', '.next', '.data', '.git', 'generated', 'test-results']);

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    if (SKIPPED.has(name)) continue;
    const full = path.join(folder, name);
    if (statSync(full).isDirectory()) yield* walk(full);
    else yield path.relative(ROOT, full);
  }
}

const FILES = [...walk(ROOT)];
const CODE = FILES.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const TESTS = /\.(test|spec)\.tsx?$|\/testing(\/|[.-])|^e2e\//;
const PRODUCT = CODE.filter((file) => !TESTS.test(file));
const MODULES = readdirSync(path.join(ROOT, 'lib'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'decisions')
  .map((entry) => entry.name);

const textCache = new Map<string, string>();
function textOf(file: string): string {
  const known = textCache.get(file) ?? readFileSync(path.join(ROOT, file), 'utf8');
  textCache.set(file, known);
  return known;
}

/** Code without comments, so that words in sentences do not count. */
function codeOf(file: string): string {
  return textOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
}

type Import = { readonly from: string; readonly to: string; readonly isType: boolean };

/** What a file imports of ours, as paths from the root. */
function importsOf(file: string): Import[] {
  const found = [
    ...textOf(file).matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g),
  ];
  return found.flatMap((match) => {
    const target = match[2] ?? match[3] ?? '';
    if (!target.startsWith('.') && !target.startsWith('#')) return [];
    const to = target.startsWith('#')
      ? target.slice(1)
      : path.relative(ROOT, path.resolve(ROOT, path.dirname(file), target));
    return [{ from: file, to, isType: match[1] !== undefined }];
  });
}

const moduleOf = (file: string): string | null => /^lib\/([^/]+)\//.exec(file)?.[1] ?? null;
const IMPORTS = PRODUCT.flatMap(importsOf);

describe('imports point one way', () => {
  /** Which modules a module may import, beyond core, its own files, and (outside pure files) platform, identity, audit. */
  const MAY: Readonly<Record<string, readonly string[]>> = {
    core: [],
    platform: [],
    i18n: [],
    identity: ['ledger', 'i18n'],
    audit: [],
    catalog: [],
    inventory: [],
    devices: ['inventory'],
    ledger: [],
    vouchers: ['catalog', 'ledger'],
    reservations: ['catalog', 'inventory', 'ledger', 'vouchers'],
    scheduler: ['reservations'],
    workloads: ['catalog', 'reservations', 'devices'],
    metering: ['catalog', 'reservations', 'devices'],
    sla: ['catalog', 'ledger', 'notices'],
    billing: ['catalog', 'metering', 'reservations', 'ledger', 'vouchers', 'sla'],
    notices: [],
    arrears: ['catalog', 'reservations', 'ledger', 'billing', 'notices', 'vouchers'],
    payments: ['billing', 'ledger', 'notices'],
    fapiao: ['billing'],
    api: ['catalog', 'reservations', 'sla', 'i18n'],
    engine: MODULES,
    replay: MODULES,
  };
  const EVERYWHERE = new Set(['core', 'platform', 'identity', 'audit']);

  test('every module has its place in the table', () => {
    expect(MODULES.filter((name) => !(name in MAY))).toEqual([]);
  });

  test('a module imports only what the table permits', () => {
    const wrong = IMPORTS.filter(({ from, to }) => {
      const [source, target] = [moduleOf(from), moduleOf(to)];
      if (!source || !target || source === target) return false;
      if (source === 'core') return true;
      if (source === 'platform') return target !== 'core';
      return !EVERYWHERE.has(target) && !MAY[source]?.includes(target);
    });
    expect(wrong).toEqual([]);
  });

  test('the scheduler imports only types of what it plans for', () => {
    expect(
      IMPORTS.filter(
        ({ from, to, isType }) => moduleOf(from) === 'scheduler' && moduleOf(to) === 'reservations' && !isType,
      ),
    ).toEqual([]);
  });

  test("nobody imports another module's store", () => {
    const wrong = IMPORTS.filter(
      ({ from, to }) => /(^|\/)([\w-]+-)?store\.ts$/.test(to) && moduleOf(to) !== moduleOf(from),
    );
    expect(wrong).toEqual([]);
  });

  test('the simulator is reached only through the registry', () => {
    const wrong = IMPORTS.filter(
      ({ from, to }) => to.startsWith('lib/devices/simulator/') && !from.startsWith('lib/devices/'),
    );
    expect(wrong).toEqual([]);
  });

  test('lib imports nothing of the pages; components import types, core, i18n and pure files only', () => {
    expect(IMPORTS.filter(({ from, to }) => from.startsWith('lib/') && /^(app|components)\//.test(to))).toEqual([]);
    const impure = new Set(
      PRODUCT.filter((file) => file.startsWith('lib/') && textOf(file).includes("import 'server-only'")),
    );
    const wrong = IMPORTS.filter(({ from, to, isType }) => {
      if (!from.startsWith('components/') || isType) return false;
      return to.startsWith('app/') || (impure.has(to) && moduleOf(to) !== 'i18n');
    });
    expect(wrong).toEqual([]);
  });

  test('what has no server-only guard reads neither database nor environment', () => {
    const pure = PRODUCT.filter((file) => file.startsWith('lib/') && !textOf(file).includes("import 'server-only'"));
    const impure = pure.filter((file) => /process\.env|\$queryRaw|\$executeRaw|withTx\(/.test(codeOf(file)));
    expect(impure).toEqual([]);
  });
});

describe('doors', () => {
  /** Files besides stores that name tables: a module's door for others within their transaction, or the ground itself. */
  const DOORS = new Set([
    'lib/catalog/price-list.ts',
    'lib/inventory/fleet.ts',
    'lib/inventory/card-states.ts',
    'lib/inventory/faults.ts',
    'lib/devices/records.ts',
    'lib/ledger/holds.ts',
    'lib/ledger/posting.ts',
    'lib/ledger/posting-alone.ts',
    'lib/ledger/journals-by-key.ts',
    'lib/ledger/sealing.ts',
    'lib/ledger/proofs.ts',
    'lib/metering/evidence-log.ts',
    'lib/metering/usage.ts',
    'lib/reservations/book-keeping.ts',
    'lib/reservations/elsewhere-keeping.ts',
    'lib/reservations/maintenance-keeping.ts',
    'lib/reservations/asking.ts',
    'lib/reservations/command-log.ts',
    'lib/reservations/settlement.ts',
    'lib/reservations/standing.ts',
    'lib/reservations/availability.ts',
    'lib/reservations/queue/job-rows.ts',
    'lib/workloads/run-log.ts',
    'lib/platform/market-database.ts',
    'lib/replay/feed.ts',
  ]);

  test('tables are named in stores and doors only', () => {
    const naming = PRODUCT.filter(
      (file) =>
        /^(lib|app|components)\//.test(file) &&
        /\btx\.[a-z]\w+\.(find|create|update|delete|count|aggregate|groupBy|upsert)/.test(codeOf(file)),
    );
    expect(naming.filter((file) => !/(^|\/)([\w-]+-)?store\.ts$/.test(file) && !DOORS.has(file))).toEqual([]);
  });

  test('stores select, they never include', () => {
    expect(PRODUCT.filter((file) => file.startsWith('lib/') && /\binclude:\s*\{/.test(codeOf(file)))).toEqual([]);
  });

  test('every exported function of a service begins by authorising', () => {
    const services = PRODUCT.filter(
      (file) =>
        file.startsWith('lib/') &&
        /export async function \w+\(\s*ctx: Ctx/.test(textOf(file)) &&
        !/store\.ts$/.test(file) &&
        !DOORS.has(file),
    );
    const unguarded = services.flatMap((file) =>
      [
        ...codeOf(file).matchAll(
          /export async function (\w+)\(\s*ctx: Ctx(?<parameters>[\s\S]*?)\): Promise<[\s\S]*?> \{\n(?<body>[\s\S]*?)\n\}/g,
        ),
      ]
        .filter(({ groups }) => !/\btx: Tx\b/.test(groups?.['parameters'] ?? ''))
        .filter(({ groups }) => !/^\s*(const [^=]+= )?authorize\w*\(/.test(groups?.['body'] ?? ''))
        .map((match) => `${file}: ${match[1]}`),
    );
    // The engine's rounds and these are not services: they are called by processes, under the engine's own context.
    const internal = /^lib\/(engine|replay)\//;
    expect(unguarded.filter((name) => !internal.test(name))).toEqual([]);
  });

  test('every route of version 1 is an operation of the document, and the other way round', () => {
    const routes = PRODUCT.filter((file) => /^app\/api\/v1\/.*route\.ts$/.test(file)).flatMap((file) => {
      const url = `/${path.dirname(file).slice('app/'.length)}`.replace(/\[(\w+)\]/g, '{$1}');
      return [...textOf(file).matchAll(/export async function (GET|POST|PUT|PATCH|DELETE)\b/g)].map(
        (match) => `${match[1]?.toLowerCase()} ${url}`,
      );
    });
    expect(routes.sort()).toEqual(OPERATIONS.map(({ method, path: url }) => `${method} ${url}`).sort());
  });
});

describe('banned text', () => {
  const everywhere: readonly { readonly name: string; readonly pattern: RegExp; readonly allowed?: RegExp }[] = [
    { name: 'any: say what it is', pattern: /:\s*any[;,)\]=\s]|\bas any[;,)\]]|<any>/ },
    { name: 'as unknown as: assert on one side', pattern: /as unknown as/ },
    { name: 'ts-ignore: fix the type', pattern: /@ts-(ignore|expect-error|nocheck)/ },
    { name: 'console: lib/platform/log.ts', pattern: /\bconsole\.\w/, allowed: /^bin\// },
    { name: 'Math.random: lib/platform/random.ts', pattern: /Math\.random\(/ },
    { name: 'Date.now: the clock comes from the context', pattern: /Date\.now\(/ },
    { name: 'new Date(): the clock comes from the context', pattern: /new Date\(\)/ },
    {
      name: 'performance.now: monotonicMs of lib/platform/clock.ts',
      pattern: /performance\.now\(/,
      allowed: /^(bin|components)\/|^lib\/platform\/clock\.ts$/,
    },
    {
      name: 'parseFloat, toFixed: core/money.ts',
      pattern: /parseFloat\(|\.toFixed\(/,
      allowed: /^(bin|components)\/(replay|layout|ui|ops|map|live)|^bin\/replay\.ts$/,
    },
    { name: 'only: a test left alone', pattern: /\b(test|it|describe)\.only\(/ },
    { name: 'skip: a test switched off', pattern: /\b(test|it|describe)\.skip\(/ },
    { name: 'waitForTimeout: wait for what happens', pattern: /waitForTimeout\(/ },
    {
      name: 'a query is Query: an address may name a thing twice, so its values are no plain texts',
      pattern: /searchParams: Promise<(?!Query>)/,
    },
    {
      name: 'history.replaceState: a filter of a page is a navigation, because Next stops when this meets a live refresh',
      pattern: /\b(replace|push)State\(/,
    },
    {
      name: 'default export outside of Next',
      pattern: /^export default /m,
      allowed: /^(app\/|.*\.config\.(ts|mjs)$|proxy\.ts$)/,
    },
  ];

  test.each(everywhere)('$name', ({ pattern, allowed }) => {
    const found = CODE.filter((file) => file !== 'lib/house.test.ts' && !allowed?.test(file)).filter((file) =>
      pattern.test(codeOf(file)),
    );
    expect(found).toEqual([]);
  });

  test('unfinished words, of which comments are full', () => {
    const unfinished = /\b(TODO|FIXME|XXX|HACK)\b|[Cc]oming soon|([Nn]ot|[Uu]n)[ -]?implemented/;
    const found = CODE.filter((file) => file !== 'lib/house.test.ts' && unfinished.test(textOf(file)));
    expect(found).toEqual([]);
  });

  test('money is never a number: no Number() of amounts in the files of money', () => {
    const money = PRODUCT.filter((file) => /^lib\/(core\/money|ledger|billing|payments|fapiao|catalog)/.test(file));
    expect(money.filter((file) => /Number\([^)]*(amount|price|fen|units)/i.test(codeOf(file)))).toEqual([]);
  });

  test('what is switched off says why', () => {
    const silent = CODE.flatMap((file) =>
      [...textOf(file).matchAll(/biome-ignore[^:\n]*:?(.*)/g)]
        .filter((match) => (match[1] ?? '').trim().length < 10)
        .map(() => file),
    );
    expect(silent.filter((file) => file !== 'lib/house.test.ts')).toEqual([]);
  });

  test('no path or tool of anybody’s machine is named', () => {
    const found = FILES.filter(
      (file) => /\.(ts|tsx|mjs|md|json|sql|yml)$/.test(file) && file !== 'lib/house.test.ts',
    ).filter((file) => /\/work\/|\/tmp\/wt|registry\.npmjs|\.library/.test(textOf(file)));
    expect(found).toEqual([]);
  });
});

describe('sizes', () => {
  /** Longer than 500 lines, with the reason. */
  const LONG_FILES = new Set<string>([]);
  const lines = (file: string): number => textOf(file).split('\n').length - 1;
  const sized = PRODUCT.filter((file) => /^(app|components|lib|bin|prisma)\//.test(file));

  test('the median file has at most 90 lines, 95 of 100 at most 300, none more than 500', () => {
    const sorted = sized.map(lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(90);
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThanOrEqual(300);
    expect(sized.filter((file) => lines(file) > 500 && !LONG_FILES.has(file))).toEqual([]);
  });

  test('pages have at most 150 lines', () => {
    expect(sized.filter((file) => /^app\/.*page\.tsx$/.test(file) && lines(file) > 150)).toEqual([]);
  });

  test('functions have at most 70 lines; the longer ones listed may only shrink', () => {
    const RATCHET: Readonly<Record<string, number>> = {};
    const long = sized.flatMap((file) => {
      const source = textOf(file).split('\n');
      const starts = source.flatMap((line, i) =>
        /^(export )?(async )?function[ *]|^ {2}(async |static |#|get )*[\w#]+\(.*\)(: [^{]*)? \{$/.test(line)
          ? [i]
          : [],
      );
      return starts.flatMap((start) => {
        const indent = /^ */.exec(source[start] ?? '')?.[0] ?? '';
        const end = source.findIndex((line, i) => i > start && line === `${indent}}`);
        const name = `${file}:${(source[start] ?? '').trim().slice(0, 60)}`;
        return end - start > (RATCHET[name] ?? 70) ? [`${name} (${end - start})`] : [];
      });
    });
    expect(long).toEqual([]);
  });
});

describe('what is written down', () => {
  test.each(MODULES)('lib/%s explains itself', (name) => {
    const file = path.join(ROOT, 'lib', name, 'README.md');
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, 'utf8').toLowerCase();
    for (const heading of ['owns', 'does not own', 'invariants', 'time', 'failure and retry'])
      expect(text, heading).toContain(heading);
  });

  test('decisions are numbered without a gap and dated', () => {
    const files = readdirSync(path.join(ROOT, 'lib/decisions')).sort();
    files.forEach((file, i) => {
      expect(file.startsWith(`${i + 1}`.padStart(3, '0'))).toBe(true);
      expect(readFileSync(path.join(ROOT, 'lib/decisions', file), 'utf8')).toMatch(
        /^# \d{3} .+\n\n\d{4}-\d{2}-\d{2}\. /,
      );
    });
  });

  test('every variable that is read stands in .env.example', () => {
    const named = new Set([...textOf('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]));
    const read = new Set(
      [...codeOf('lib/platform/environment.ts').matchAll(/^ {2}([A-Z_]+): z\./gm)].map((match) => match[1]),
    );
    expect([...read].filter((name) => !named.has(name))).toEqual([]);
    expect([...named].filter((name) => !read.has(name))).toEqual([]);
  });

  test('the environment is read in one place', () => {
    const readers = PRODUCT.filter(
      (file) => /process\.env/.test(codeOf(file)) && /^(lib|app|components|prisma)\//.test(file),
    );
    // Children inherit it, the browser is looked for in it, and next-auth is told its address in it.
    const permitted = [
      'app/_edge/auth-options.ts',
      'lib/platform/chromium.ts',
      'lib/platform/environment.ts',
      'lib/platform/postgres-host.ts',
      'lib/platform/process.ts',
      'lib/platform/supervisor.ts',
      'lib/platform/web-build.ts',
    ];
    expect(readers.filter((file) => !permitted.includes(file))).toEqual([]);
  });
});
