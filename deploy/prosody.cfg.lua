-- /etc/prosody/conf.d/porchlight.cfg.lua

-- For the whole server: twice the messages per second, and no pauses of up to
-- 40 ms before small packets.
gc = { threshold = 200, speed = 500 }
network_settings = { nagle = false }

Component "support.example.org"
	component_secret = "change me"
	-- When porchlight's machine was cut off, its new connection replaces the
	-- dead one. Without this Prosody refuses it for many minutes.
	component_conflict_resolve = "kick_old"
