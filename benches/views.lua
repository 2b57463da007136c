-- Views by wrk: articles by Zipf (s = 1), 10,000 networks of 254 addresses, one browser.
-- Usage: wrk … -s views.lua URL -- IDS_FILE
local head, tails, cumulated = "POST /v1/articles/", {}, {}
local rest = "/views HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nUser-Agent: Mozilla/5.0 (X11; "
  .. "Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0\r\nX-Forwarded-For: 10."

function init(args)
  math.randomseed(tonumber(args[2] or "1"))
  local sum = 0
  for id in io.lines(args[1]) do
    sum = sum + 1 / (#cumulated + 1)
    cumulated[#cumulated + 1] = sum
    tails[#tails + 1] = head .. id .. rest
  end
end

local random, floor, format = math.random, math.floor, string.format
local nets, hosts = {}, {}
for n = 0, 9999 do nets[n] = format("%d.%d.", n / 256, n % 256) end
for n = 1, 254 do hosts[n] = n .. "\r\n\r\n" end

function request()
  local at = random() * cumulated[#cumulated]
  local low, high = 1, #cumulated
  while low < high do
    local middle = floor((low + high) / 2)
    if cumulated[middle] < at then low = middle + 1 else high = middle end
  end
  return tails[low] .. nets[random(0, 9999)] .. hosts[random(1, 254)]
end

function done(summary, latency)
  io.write(format("RESULT %d %d %d %d %.0f %.0f %.0f\n", summary.requests, summary.duration,
    summary.errors.status, summary.errors.timeout + summary.errors.connect + summary.errors.read
    + summary.errors.write, latency:percentile(50), latency:percentile(99), latency.max))
end
