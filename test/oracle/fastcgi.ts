import { createServer, type Server, type Socket } from 'node:net'

/** The parameters of one FastCGI request, in the order in which they came; PHP keeps the last of a name. */
export type Params = readonly (readonly [name: string, value: string])[]

/** Listens on a socket as PHP-FPM would, answers 200, and hands on what each request was sent with. */
export function sniffer(socket: string, heard: (params: Params) => void): Promise<Server> {
  const server = createServer((connection) => listen(connection, heard))
  return new Promise((done) => server.listen(socket, () => done(server)))
}

const [params, input] = [4, 5]

function listen(connection: Socket, heard: (params: Params) => void): void {
  let waiting = Buffer.alloc(0)
  let stream = Buffer.alloc(0)
  connection.on('error', () => connection.destroy())
  connection.on('data', (more) => {
    waiting = Buffer.concat([waiting, more])
    while (waiting.length >= 8) {
      const [type, id, length, padding] = [waiting[1]!, waiting.readUInt16BE(2), waiting.readUInt16BE(4), waiting[6]!]
      if (waiting.length < 8 + length + padding) return
      const body = waiting.subarray(8, 8 + length)
      waiting = waiting.subarray(8 + length + padding)
      if (type === params) stream = Buffer.concat([stream, body])
      if (type === input && length === 0) {
        heard(pairsOf(stream))
        connection.write(answer(id))
        connection.end()
      }
    }
  })
}

function pairsOf(stream: Buffer): Params {
  const out: [string, string][] = []
  let at = 0
  const size = (): number => {
    if (stream[at]! < 128) return stream[at++]!
    at += 4
    return stream.readUInt32BE(at - 4) & 0x7fffffff
  }
  while (at < stream.length) {
    const [name, value] = [size(), size()]
    out.push([stream.toString('utf8', at, at + name), stream.toString('utf8', at + name, at + name + value)])
    at += name + value
  }
  return out
}

function answer(id: number): Buffer {
  const body = Buffer.from('Content-Type: text/plain\r\n\r\nok')
  const head = (type: number, length: number): Buffer =>
    Buffer.from([1, type, id >> 8, id & 255, length >> 8, length & 255, 0, 0])
  return Buffer.concat([head(6, body.length), body, head(6, 0), head(3, 8), Buffer.alloc(8)])
}
