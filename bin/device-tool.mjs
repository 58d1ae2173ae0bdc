// Runs a tool of a simulated server: a thin client of the socket that the leading engine serves. Plain JavaScript that
// Node 20 runs without anything installed.
import { connect } from 'node:net';
import path from 'node:path';

const [program, ...args] = process.argv.slice(2);
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const socketPath = path.resolve(root, process.env.KASHI_DATA_DIR || '.data', 'devices.sock');

const socket = connect(socketPath);
let unread = '';
let hasAnswer = false;

function fail(sentence) {
  process.stderr.write(`${program}: ${sentence}\n`);
  process.exit(1);
}

socket.on('error', (error) =>
  fail(hasAnswer ? error.message : `no engine serves devices at ${socketPath}; start one with npm start`),
);
socket.on('connect', () =>
  socket.write(`${JSON.stringify({ node: process.env.KASHI_NODE || null, program, args })}\n`),
);
socket.setEncoding('utf8');
socket.on('data', (text) => {
  hasAnswer = true;
  const lines = (unread + text).split('\n');
  unread = lines.pop();
  for (const line of lines) {
    const frame = JSON.parse(line);
    if (frame.stdout !== undefined) process.stdout.write(frame.stdout);
    if (frame.stderr !== undefined) process.stderr.write(frame.stderr);
    if (frame.exit !== undefined) process.exitCode = frame.exit;
  }
});
socket.on('end', () => {
  if (process.exitCode === undefined) fail('the engine went away before the tool was done');
  socket.end();
});
// A reader that has seen enough (head, a driver that lets go) ends the run.
process.stdout.on('error', () => process.exit(0));
