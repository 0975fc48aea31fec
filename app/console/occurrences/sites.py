"""The sites that all use, and handles that are no person's: neither links anything. Pure."""

COMMON_HANDLES = frozenset(
    (
        "admin", "channel", "contact", "everyone", "example", "gmail.com", "help", "hotmail.com",
        "info", "instagram", "facebook", "telegram", "tiktok", "twitter", "snapchat", "whatsapp",
        "messenger", "profile", "account", "accounts", "number", "name", "group", "official",
        "support", "user", "username", "yahoo.com",
    )
)  # fmt: skip
PUBLIC_SITES = frozenset(
    (
        "airbnb.com", "aliexpress.com", "amazon.com", "apple.com", "baidu.com", "backpage.com",
        "bbc.co.uk", "bbc.com", "bing.com", "booking.com", "cnn.com", "craigslist.org",
        "discord.com", "discord.gg", "ebay.com", "etsy.com", "europa.eu", "facebook.com", "fb.com",
        "flickr.com", "gmail.com", "goo.gl", "google.com", "gov.uk", "gumtree.com", "hotmail.com",
        "icloud.com", "imgur.com", "indeed.com", "instagram.com", "kakao.com", "kik.com",
        "line.me", "linkedin.com", "locanto.com", "maps.app.goo.gl", "maps.google.com",
        "medium.com", "microsoft.com", "netflix.com", "nytimes.com", "office.com", "ok.ru",
        "olx.com", "onlyfans.com", "outlook.com", "paypal.com", "pinterest.com", "pornhub.com",
        "proton.me", "qq.com", "quora.com", "reddit.com", "signal.org", "skype.com", "snapchat.com",
        "spotify.com", "t.co", "t.me", "telegram.me", "telegram.org", "threads.net", "tiktok.com",
        "tinder.com", "torproject.org", "translate.google.com", "tumblr.com", "twitch.tv",
        "twitter.com", "uber.com", "uscis.gov", "viber.com", "vk.com", "wa.me", "wechat.com",
        "weibo.com", "whatsapp.com", "wikipedia.org", "x.com", "yahoo.com", "yandex.ru",
        "youtu.be", "youtube.com", "zoom.us",
    )
)  # fmt: skip
