-- /etc/prosody/conf.d/porchlight.cfg.lua

-- Both lines are for the whole server: it passes on twice as many messages per second,
-- and sends small packets without pauses of up to 40 ms.
gc = { threshold = 200, speed = 500 }
network_settings = { nagle = false }

Component "support.example.org"
	component_secret = "change me"
	-- When porchlight's machine was cut off, its new connection replaces the
	-- dead one. Without this Prosody refuses it for many minutes.
	component_conflict_resolve = "kick_old"
