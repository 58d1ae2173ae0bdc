import 'server-only';
import path from 'node:path';
import { z } from 'zod';

/** What can stand in a header as one word, and is long enough not to be guessed. */
const HEADER_WORD = /^[\x21-\x7e]{16,}$/;

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3_000),
  KASHI_DATA_DIR: z.string().min(1).default('.data'),
  KASHI_DEMO_CLOCK: z.enum(['0', '1']).default('0'),
  KASHI_SANDBOX_PAYMENTS: z.enum(['0', '1']).optional(),
  KASHI_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  KASHI_SECRET: z.string().min(32).optional(),
  KASHI_FLEET_SEED: z.coerce.number().int().min(0).default(7),
  KASHI_FAULT_RATES: z.enum(['none', 'llama3']).default('none'),
  KASHI_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  KASHI_METRICS_TOKEN: z.string().regex(HEADER_WORD).optional(),
  KASHI_HOSTS: z.string().min(1).optional(),
  KASHI_LOG: z.enum(['silent', 'error', 'info', 'debug']).default('info'),
});

export type Environment = {
  /** Null: the embedded PostgreSQL under the data directory is used. */
  readonly databaseUrl: string | null;
  readonly port: number;
  readonly dataDir: string;
  readonly hasDemoClock: boolean;
  readonly hasSandboxPayments: boolean;
  readonly publicUrl: string;
  readonly secret: string | null;
  readonly fleetSeed: number;
  readonly faultRates: 'none' | 'llama3';
  /** The file that says which servers are real; null: all are simulated. */
  readonly hostsFile: string | null;
  /** Where the engine serves metrics on 127.0.0.1; null: nowhere. */
  readonly metricsPort: number | null;
  /** What a scraper must say to get them; null: nothing. */
  readonly metricsToken: string | null;
  readonly logLevel: 'silent' | 'error' | 'info' | 'debug';
};

/** Reads and checks variables; throws one sentence that names each wrong one. See `.env.example` for all of them. */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`).join(', ');
    throw new Error(`These environment variables are wrong: ${wrong}. See .env.example.`);
  }
  const e = parsed.data;
  if (e.KASHI_HOSTS !== undefined && e.KASHI_DEMO_CLOCK === '1') {
    throw new Error(
      'KASHI_HOSTS and KASHI_DEMO_CLOCK contradict each other: real servers run on real time. See .env.example.',
    );
  }
  return {
    databaseUrl: e.DATABASE_URL ?? null,
    port: e.PORT,
    dataDir: path.resolve(e.KASHI_DATA_DIR),
    hasDemoClock: e.KASHI_DEMO_CLOCK === '1',
    hasSandboxPayments: e.KASHI_SANDBOX_PAYMENTS === '1',
    publicUrl: e.KASHI_PUBLIC_URL ?? `http://127.0.0.1:${e.PORT}`,
    secret: e.KASHI_SECRET ?? null,
    fleetSeed: e.KASHI_FLEET_SEED,
    faultRates: e.KASHI_FAULT_RATES,
    hostsFile: e.KASHI_HOSTS === undefined ? null : path.resolve(e.KASHI_HOSTS),
    metricsPort: e.KASHI_METRICS_PORT === 0 ? null : e.KASHI_METRICS_PORT,
    metricsToken: e.KASHI_METRICS_TOKEN ?? null,
    logLevel: e.KASHI_LOG,
  };
}

let current: Environment | null = null;

/** The environment of this process, read once. */
export function environment(): Environment {
  current ??= parseEnvironment(process.env);
  return current;
}
