"""The blind server: it keeps blobs that it cannot read, link or attribute.

main      wiring only: settings in, an ASGI application out; services: the parts, for the routes
blind     the outermost layer: no address comes in, constant headers go out, no exception gets past
headers   those headers
settings  one typed class; preflight: what must be right before a start, in words
errors    the problem details of every refusal; methods: which a path takes; logs: what is written
published the signed directory, read and checked; site: the signed static site
intake    group commit; growth: more slots in time; retention: what expires
peers     copying an epoch from the server that leads
backup    a copy of everything, and back
epochs    the bytes made ahead for everyone; stirring: rows written again where they tell an order
admission/ who gets in: proof of work, budgets
routes/   HTTP in and out (bodies: reading within bounds); storage/: the database; blobs/: chunks

Nothing here holds a private key or can open a message: the private side of app.protocol is out of
reach (import contracts), and so is any address of a client.
"""
