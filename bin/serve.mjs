// Runs the built pages. Started by `npm start` and `npm run web`; ends when whoever started it is gone.
if (process.connected) process.once('disconnect', () => process.exit(0));
process.argv = [process.argv[0], 'next', 'start', '-H', '127.0.0.1', '-p', process.env.PORT ?? '3000'];
await import('../node_modules/next/dist/bin/next');
