-- For wrk: submits a picture, with another seed each time, and prints what was answered as one line of JSON.
local seed, statuses = 0, {}
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function request()
    seed = seed + 1
    return wrk.format(nil, nil, nil, string.format('{"kind":"sdxl_image_fast","prompt":"a red fox","seed":%d}', seed))
end

local threads = {}
function setup(thread) table.insert(threads, thread) end

function response(status)
    if status == 202 then accepted = (accepted or 0) + 1 else refused = (refused or 0) + 1 end
end

function done(summary, latency)
    local good, bad = 0, 0
    for _, thread in ipairs(threads) do
        good = good + (thread:get("accepted") or 0)
        bad = bad + (thread:get("refused") or 0)
    end
    local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    print(string.format('{"accepted":%d,"refused":%d,"broken":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f}', good, bad, broken,
        summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
