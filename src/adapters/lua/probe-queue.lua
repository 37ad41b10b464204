-- Writes like Bee-Queue. KEYS: two keys that nothing else uses.

redis.call('HSET', KEYS[1], 'probe', 1)
redis.call('LPUSH', KEYS[2], 1)
redis.call('LREM', KEYS[2], 0, 1)
return redis.call('DEL', KEYS[1], KEYS[2])
