-- Deletes a redeemed challenge. KEYS: windows of the address, challenge. Input: limits to refund.

redis.call('DEL', KEYS[2])
refund(KEYS[1], input.limits)
