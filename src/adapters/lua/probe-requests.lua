-- Calls every command that requests need. KEYS: keys that nothing else uses, one of each
-- kind; two of them are written.

-- A full Redis refuses the first write of a script only, and DEL never.
redis.call('SET', KEYS[1], 1)
-- An earlier call may have stopped for lack of a permission.
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'taken', 1, 'window', table.concat(redis.call('TIME'), '.'))
redis.call('HINCRBY', KEYS[1], 'taken', 1)
redis.call('HMGET', KEYS[1], 'taken', 'window')
redis.call('HGET', KEYS[1], 'taken')
redis.call('HGETALL', KEYS[1])
redis.call('HLEN', KEYS[1])
redis.call('HDEL', KEYS[1], 'window')
redis.call('PEXPIRE', KEYS[1], 1000)
redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[2], 1, 'EX', 1)
redis.call('INCR', KEYS[2])
redis.call('GET', KEYS[2])
redis.call('EXISTS', KEYS[2])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SADD', KEYS[1], 1)
redis.call('SISMEMBER', KEYS[1], 1)
redis.call('SCARD', KEYS[1])
redis.call('PFADD', KEYS[2], 1)
redis.call('PFCOUNT', KEYS[2])
redis.call('EXPIRE', KEYS[2], 1)
return redis.call('DEL', KEYS[1], KEYS[2])
