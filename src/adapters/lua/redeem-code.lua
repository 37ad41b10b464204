-- Compares a code with one or two challenges. If it is right, marks the challenge as used until
-- settle-code or restore-code. The challenge must still be the newest (where a field is given) and
-- have a guess left on this path; every limit must have room; a retry counts as wrong but consumes
-- nothing. The tag is a keyed hash, so a bytewise comparison reveals nothing to an attacker.
-- KEYS: windows of the address, challenges. Input: limits, guesses (field and maximum), retryField,
-- newest (fields, each with the id that it must have), tags (of the code, for each challenge).

-- Milliseconds for which the same code of the same client counts as a retry.
local RETRY = 30000

for _, newest in ipairs(input.newest) do
  if (redis.call('HGET', KEYS[1], newest.field) or '') ~= newest.id then return {'superseded'} end
end
local live, right, meta = {}, nil, nil
for i, expected in ipairs(input.tags) do
  local key = KEYS[i + 1]
  local tag, text, spent, guesses =
    unpack(redis.call('HMGET', key, 'tag', 'meta', 'spent', input.guesses.field))
  if tag and not spent then
    live[#live + 1] = key
    local isOpen = tonumber(guesses or '0') < input.guesses.max
    if isOpen and tag == expected then right, meta = key, text end
  end
end
if not right and read(KEYS[1], input.retryField) > 0 then return {'wrong'} end
local refused = consume(KEYS[1], input.limits)
if refused then return {'refused', refused} end
if not right then
  for _, key in ipairs(live) do redis.call('HINCRBY', key, input.guesses.field, 1) end
  return {'wrong'}
end
redis.call('HINCRBY', right, input.guesses.field, 1)
redis.call('HSET', right, 'spent', 1)
makeRoom(KEYS[1])
write(KEYS[1], input.retryField, 1, now + RETRY, 'evictable')
keepUntil(KEYS[1], now + RETRY)
return {'right', meta}
