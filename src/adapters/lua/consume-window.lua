-- Consumes an attempt of a single limit and returns its window. KEYS: windows. Input: limits.

local refused = consume(KEYS[1], input.limits)
local taken, finish = read(KEYS[1], input.limits[1].field)
return {taken, finish - now, refused}
