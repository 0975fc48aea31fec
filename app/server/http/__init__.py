"""HTTP in and out: what stands between a socket and the server's other rooms.

In it:

    application     wiring only: settings in, an ASGI application out
    outermost       the outermost layer: no address comes in, no exception gets past
    request_bodies  reading a request's body within bounds
    request_route   routes whose function takes the request as it is
    services        everything that one running server holds, for the routes
    routes/         HTTP in and out
    site_answers    files of the signed site as answers, also in place of a refusal
"""
