"""What every page of the console stands on: who may ask, what of, how it is shown.

The running console, and what goes on behind its pages:

    running_console      a running console: vault open or locked, who may look at it
    console_settings     how it is set
    background_sync      the open vault, and the sync that goes on behind its pages
    line_access          the way to the line's server, as the settings say
    sync_status          where the sync stands, in words; syncing now

Who may ask, and until when:

    sessions             who may use it: the one-time link, sessions
    login                signing in by the one-time link, unlocking, locking, light and dark
    guard                what a request must be
    caller               whose program is at the other end of a connection
    connection_owner     whose one end of a connection is, as the kernel says
    passphrase_attempts  after a few wrong passphrases, each costs twice the wait
    idle                 a console that is not used locks itself
    suspend              locking when the machine sleeps or its screen is locked

What a request brings:

    requests             what a handler may ask of a request: console, session, form
    upload_stream        a request's body as a file that is never spooled
    multipart_form       a form with one file in it, as a page without script sends it

How it is answered:

    frame                what stands around every page: places of the bar, styles, scripts, keys
    render               templates and what they are given
    reader_languages     in which language a page is shown
    addresses            the path before every address, in templates; back to a case
    elsewhere            what answers a form, shown at an address of its own
    shown                those pages in memory, for who goes back
    problem_pages        errors as pages
    open_pages           which window shows what was kept of what is typed, whose button was pressed

What the vault has, in words:

    case_views           a case's name, its row in a list, what is due in it, in words
    message_views        a message, and what has to be said of it besides
    file_views           a file: what it is, whether it is here, what can be done
    reminders            what reminds whom: one quiet place, a number in the bar

The alarm:

    alarm/               what alarms now and since when, its commands, duty
    alarm_watch          looks for danger, for deafness and for a machine that slept
    alarm_views          what alarms in words, for a page and its script
"""
