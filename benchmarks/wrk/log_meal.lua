-- Logs a meal on some day of a long diary, as htmx does: each time another meal, in a submission of its own.
dofile("benchmarks/wrk/done.lua")

local token

function init(arguments)
  token = arguments[1]
  math.randomseed(os.time())
end

function request()
  local day = string.format("20%02d-%02d-%02d", math.random(22, 25), math.random(1, 12), math.random(1, 28))
  local body = string.format(
    "csrfmiddlewaretoken=%s&submission=%08x%08x&edible=Porridge&amount=1&unit=bowl&edible=Latte&amount=&unit="
      .. "&category=BREAKFAST&eaten_at=%sT%02d:%02d&title=&notes=",
    token, math.random(0, 2^31 - 1), math.random(0, 2^31 - 1), day, math.random(0, 23), math.random(0, 59))
  return wrk.format("POST", "/day/" .. day .. "/meal/", nil, body)
end
