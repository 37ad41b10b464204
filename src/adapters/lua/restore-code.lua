-- Makes a challenge valid again. KEYS: windows of the address, challenge. Input: retryField.

redis.call('HDEL', KEYS[2], 'spent')
redis.call('HDEL', KEYS[1], input.retryField)
