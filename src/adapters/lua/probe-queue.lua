-- Calls every command that Bee-Queue needs. KEYS: two keys that nothing else uses.

-- A full Redis refuses the first write of a script only, and DEL never.
redis.call('SET', KEYS[1], 1)
-- An earlier call may have stopped for lack of a permission.
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SET', KEYS[1], 1, 'PX', 1000, 'NX')
redis.call('INCR', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'probe', 1)
redis.call('HEXISTS', KEYS[1], 'probe')
redis.call('HGET', KEYS[1], 'probe')
redis.call('HMGET', KEYS[1], 'probe')
redis.call('HDEL', KEYS[1], 'probe')
redis.call('LPUSH', KEYS[2], 1)
redis.call('LLEN', KEYS[2])
redis.call('LRANGE', KEYS[2], 0, -1)
redis.call('LREM', KEYS[2], 0, 1)
redis.call('SADD', KEYS[1], 1)
redis.call('SMEMBERS', KEYS[1])
redis.call('SREM', KEYS[1], 1)
return redis.call('DEL', KEYS[1], KEYS[2])
