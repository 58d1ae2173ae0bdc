import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes to a tool socket and gives back all that it answers, until it hangs up. */
export async function exchange(socketPath: string, text: string): Promise<string> {
  const socket = connect(socketPath);
  await once(socket, 'connect');
  socket.setEncoding('utf8').write(text);
  let answer = '';
  socket.on('data', (chunk: string) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}
