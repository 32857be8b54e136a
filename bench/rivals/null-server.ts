import { fastify } from 'fastify'

/**
 * The least that a JSON server of this kind can do: parse the body, answer it with 201. It keeps nothing. What Belfry
 * costs on top of it is the price of knowing the caller, judging the event and having it on disk.
 */
const server = fastify()
server.post('/event/events', (request, reply) => reply.code(201).send(request.body))
process.once('SIGTERM', () => void server.close())
const url = await server.listen({ host: '127.0.0.1', port: 0 })
console.log(`null server ready on ${url}`)
