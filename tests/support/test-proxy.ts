/** An HTTP proxy for tests: requests in absolute form and CONNECT, whatever host they name, go to one server. */
import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface ProxiedRequest {
  readonly method: string;
  /** `http://host/path`, or `host:port` of a CONNECT. */
  readonly target: string;
  /** `Proxy-Authorization`. */
  readonly login: string | undefined;
}

export interface TestProxy {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly requests: readonly ProxiedRequest[];
}

/** @param destination The port, on this machine, that everything goes to. `login` is demanded, else 407. */
export async function startProxy(
  t: TestContext,
  destination: { readonly port: number; readonly login?: string },
): Promise<TestProxy> {
  const { port, login } = destination;
  const requests: ProxiedRequest[] = [];
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  const isAllowed = (request: IncomingMessage): boolean => {
    const given = request.headers['proxy-authorization'];
    requests.push({ method: request.method ?? '', target: request.url ?? '', login: given });
    return expected === undefined || given === expected;
  };
  const server = createServer((request, response) => {
    if (isAllowed(request)) forward(request, response, port);
    else response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    // A client that is refused may hang up without a word.
    socket.on('error', () => socket.destroy());
    if (isAllowed(request)) tunnel(socket, port, sockets);
    else socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return { host: `127.0.0.1:${address.port}`, requests };
}

function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { pathname, search } = new URL(request.url ?? '');
  const { host: _host, 'proxy-authorization': _login, ...headers } = request.headers;
  const onward = sendRequest(
    { host: '127.0.0.1', port, method: request.method, path: `${pathname}${search}`, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  request.pipe(onward);
}

function tunnel(socket: Socket, port: number, sockets: Set<Socket>): void {
  const onward = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    onward.pipe(socket).pipe(onward);
  });
  sockets.add(onward);
  // Either side may hang up first, and takes the other with it.
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
}
