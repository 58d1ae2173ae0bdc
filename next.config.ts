import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `forbidden()` answers 403 with its own page.
  experimental: { authInterrupts: true },
  // These load native or WASM files relative to themselves, which a bundler would move.
  serverExternalPackages: ['@node-rs/argon2', '@prisma/client', '@prisma/adapter-pg', 'pg', 'pdfkit'],
};

export default config;
