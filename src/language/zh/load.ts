import type { Sentences } from '../say.js'

/** The load generator: what it is asked for, what it cannot do, what it finds of itself. */
export const LOAD: Sentences = {
  // When
  '--rate {0}: {1}': '--rate {0}：{1}',
  'write 2000/s, a ramp 100/s..5000/s (with --duration), or steps 100/s@10s,500/s@30s,1000/s':
    '请写成 2000/s；爬坡 100/s..5000/s（配合 --duration）；或阶梯 100/s@10s,500/s@30s,1000/s',
  '{0} is no rate': '{0} 不是速率',
  'a rate of 0 sends nothing': '速率为 0 就什么都不会发送',
  'more than {0}/s': '超过 {0}/s',
  'a stage of no length': '有一个阶段时长为 0',
  'only the last stage may have no @time': '只有最后一个阶段可以不写 @时长',
  'the stages before the last take the whole --duration': '最后一个阶段之前的阶段已占满 --duration',
  'a ramp needs a time: --duration, or @30s': '爬坡需要时长：--duration，或 @30s',
  '{0} and {1} exclude each other': '{0} 和 {1} 不能同时使用',
  '--early needs --at': '--early 需要 --at',
  'early is before the time that --at names': '提前是指早于 --at 指定的时刻',
  '--warmup takes the whole --duration': '--warmup 占满了 --duration',
  'nothing would be measured: make it shorter': '什么都测不到：请缩短它',
  '--at {0} {1}': '--at {0} {1}',
  'write 20:00:00 or 2026-11-11T20:00:00+08:00': '请写成 20:00:00 或 2026-11-11T20:00:00+08:00',
  'is no time': '不是时间',
  'has passed': '已经过去',
  'is no time of day': '不是一天中的时刻',

  // Requests
  "write 'json:$.data.token', 'header:authorization', 'cookie:JSESSIONID' or 'regex:/name=\"csrf\" value=\"([^\"]+)\"/'":
    "请写成 'json:$.data.token'、'header:authorization'、'cookie:JSESSIONID' 或 'regex:/name=\"csrf\" value=\"([^\"]+)\"/'",
  '{0} captures nothing': '{0} 提取不到任何内容',
  '{0} {1}: {{{2}}} stands for something else already': '{0} {1}：{{{2}}} 已有别的含义',
  'give it another name': '请换个名字',
  'users.login captures {0}, which is a column of the file of users': 'users.login 提取的 {0} 是用户文件里的一列',
  '{0} is no header name': '{0} 不是请求头的名字',
  'header {0} cannot be set': '不能设置请求头 {0}',
  'leave it out': '请去掉它',
  'header {0}': '请求头 {0}',
  'header {0} would hold a line break or control character': '请求头 {0} 会含有换行或控制字符',
  'take it out of the value or the user name': '请从值或用户名中去掉',
  'the claims of users.jwt': 'users.jwt 的声明',
  'the path': '路径',
  'form field {0}': '表单字段 {0}',
  'the JSON body': 'JSON 请求体',
  'unknown placeholder {{{0}}} in {1}{2}': '{1} 中有未知的占位符 {{{0}}}{2}',
  'known: {0}': '可用：{0}',
  'method {0} does not buy': '不能用方法 {0} 抢购',
  'GET carries no form and no JSON': 'GET 不能带表单或 JSON',
  'put the placeholders into the query: ?user={{user}}': '请把占位符放进查询串：?user={{user}}',
  'a request has a form or JSON, not both': '一个请求只能有表单或 JSON 之一',
  'target {0} {1}': '目标 {0} {1}',
  'has no scheme': '没有协议',
  'write http://{0}': '请写成 http://{0}',
  'is neither http nor https': '既不是 http 也不是 https',
  'write http://HOST:PORT/PATH': '请写成 http://HOST:PORT/PATH',
  'has no host': '没有主机',
  'write http://127.0.0.1:5000/seckill': '请写成 http://127.0.0.1:5000/seckill',
  '{port} is known only with --start': '只有用 --start 时才知道 {port}',
  'has no usable host or port': '没有可用的主机或端口',
  'path {0} does not begin with a slash': '路径 {0} 不以斜杠开头',
  'for example --path /incr': '例如 --path /incr',

  // Getting in
  'interrupted after {0} of {1} logins': '登录 {1} 个用户中的 {0} 个之后被中断',
  'the login of {0} {1}': '{0} 登录{1}',
  'check users.login': '请检查 users.login',
  'failed: {0}': '失败：{0}',
  'was answered {0} {1}, which holds no {2}': '得到应答 {0} {1}，其中没有 {2}',

  // Connections
  '{0} of {1} requests of the burst were answered before their last byte was sent: they may have bought, and the run log has them; the others were not released':
    '集中放行的 {1} 个请求中有 {0} 个在最后一个字节发出之前就得到应答：它们可能已买到，运行日志里有记录；其余的没有放行',
  'this server answers before it has the body: hold its requests back with --method GET':
    '这个服务没收完请求体就应答：请用 --method GET 让请求等待放行',
  'only {0} of {1} connections of the burst could be made ready; nothing was released':
    '集中放行的 {1} 个连接中只准备好 {0} 个；没有放行任何请求',
  'fewer --users, a longer --timeout, or see what the server logs': '减少 --users，延长 --timeout，或看看服务的日志',
  '{0} connections need {1} file descriptors, and the limit is {2}': '{0} 个连接需要 {1} 个文件描述符，上限是 {2}',
  'raise it with: ulimit -n {0}; or lower --concurrency (a burst: --users)':
    '提高上限：ulimit -n {0}；或减小 --concurrency（集中放行时减小 --users）',
  '{0} connections need as many local ports, and there are {1}': '{0} 个连接需要同样多的本地端口，而只有 {1} 个',
  'add addresses: --local-address 127.0.0.2,127.0.0.3; or widen net.ipv4.ip_local_port_range':
    '增加地址：--local-address 127.0.0.2,127.0.0.3；或扩大 net.ipv4.ip_local_port_range',
  'no transport {0}': '没有传输方式 {0}',
  '--http2 needs an https:// target': '--http2 需要 https:// 目标',
  'HTTP/2 is agreed on in TLS': 'HTTP/2 在 TLS 中协商',
  '--insecure needs an https:// target': '--insecure 需要 https:// 目标',
  '--http2 and --proxy exclude each other': '--http2 和 --proxy 不能同时使用',
  'the socket transport speaks plain HTTP/1.1 only': 'socket 传输只支持明文 HTTP/1.1',
  'use --transport auto': '请用 --transport auto',
  '--local-address {0} is no IP address': '--local-address {0} 不是 IP 地址',
  'for example 127.0.0.2,127.0.0.3': '例如 127.0.0.2,127.0.0.3',
  '--proxy takes an http:// URL': '--proxy 只接受 http:// 的 URL',
  'for example --proxy http://127.0.0.1:8080': '例如 --proxy http://127.0.0.1:8080',
  'no way through the proxy {0} ({1})': '无法经由代理 {0} 连接（{1}）',
  'check --proxy, and its login': '请检查 --proxy 及其登录信息',
  'a burst over https, HTTP/2 or a proxy needs a body, whose last byte waits':
    '经由 https、HTTP/2 或代理集中放行，需要请求体，好让最后一个字节等待',
  'use POST': '请用 POST',
  '{0} does not speak HTTP/2': '{0} 不支持 HTTP/2',
  'leave out --http2': '请去掉 --http2',
  'on macOS port 5000 belongs to AirPlay Receiver: use another port':
    '在 macOS 上端口 5000 属于隔空播放接收器：请用别的端口',
  'nothing listens at {0}': '没有服务在 {0} 监听',
  'start the server, or let seckill start it: --start "command"': '请启动服务，或让 seckill 启动它：--start "命令"',
  'host {0} has no address': '主机 {0} 没有地址',
  'check the name in the URL, and the DNS': '请检查 URL 里的名字和 DNS',
  '{0} accepts no connection in time': '{0} 没有及时接受连接',
  'check host, port and firewall, or raise --timeout': '请检查主机、端口和防火墙，或增大 --timeout',
  'no TLS connection to {0}': '无法与 {0} 建立 TLS 连接',
  'name its CA in NODE_EXTRA_CA_CERTS=file.pem, or go without: --insecure':
    '用 NODE_EXTRA_CA_CERTS=file.pem 指定它的 CA，或不校验：--insecure',
  'no connection to {0}': '无法连接 {0}',
  'check that the server runs there': '请检查服务是否在那里运行',

  // --start
  'port {0} is already open: something else is running there': '端口 {0} 已打开：有别的程序在那里运行',
  'stop it or choose another port': '请停止它，或换个端口',
  'interrupted while the server was starting': '服务启动期间被中断',
  'did not open port {0} within {1} s': '在 {1} 秒内没有打开端口 {0}',
  'did not answer at {0} within {1} s': '在 {1} 秒内没有在 {0} 应答',
  'could not be run: {0}': '无法运行：{0}',
  'ended ({0}) before it opened port {1}': '在打开端口 {1} 之前就结束了（{0}）',
  'the --start command {0}': '--start 的命令{0}',
  'the --start command {0}: {1}': '--start 的命令{0}：{1}',
  'try the command by itself; it must stay in the foreground': '请单独运行一次这个命令；它必须留在前台',

  // The generator itself
  'the run was interrupted': '运行被中断',
  'the load was not what was asked for: {0}': '负载未达到要求：{0}',
  'it is measured of one run, and there are several': '它只能由一次运行测出，而这里有多次',
  'file descriptors ran out: raise ulimit -n, or lower --concurrency':
    '文件描述符用完：提高 ulimit -n，或减小 --concurrency',
  'the machine ran out of open files: lower --concurrency': '本机可打开的文件数用完：减小 --concurrency',
  'local ports ran out: let connections live (keep-alive), or add --local-address':
    '本地端口用完：保持连接（keep-alive），或增加 --local-address',
  'socket buffers ran out: lower --concurrency': '套接字缓冲区用完：减小 --concurrency',
  'all {0} connections were taken: raise --concurrency, or the target is slower than this rate':
    '全部 {0} 个连接都被占用：增大 --concurrency，或者目标跟不上这个速率',
  'the generator did not keep up: --workers auto, a lower --rate, or a quieter machine':
    '压测程序跟不上：用 --workers auto、降低 --rate，或换一台空闲的机器',
  'the demanded rate was not produced: {0} % of the attempts left within 10 ms of their time; {1}':
    '没有达到要求的速率：{0} % 的请求在预定时刻后 10 毫秒内发出；{1}',
  '{0} attempts found no connection ({1}); {2}': '{0} 次抢购没有可用的连接（{1}）；{2}',
  '{0} of {1} connections were reset when the burst was released': '集中放行时 {1} 个连接中有 {0} 个被重置',
  '{0}; a smaller --concurrency, or see how many connections the server accepts':
    '{0}；减小 --concurrency，或看看服务能接受多少连接',
  '1 % of the attempts left more than {0} ms late; --workers auto, or a quieter machine':
    '1 % 的请求发出晚了 {0} 毫秒以上；用 --workers auto，或换一台空闲的机器',
  'something else had the core for {0} % of the time that the generator wanted it; give it a core of its own':
    '压测程序需要 CPU 的时间里，有 {0} % 被别的程序占用；请给它单独的核',
  'the generator was busy {0} % of the time, so these figures measure it as much as the target; --workers auto, a lower --concurrency, or --rate':
    '压测程序有 {0} % 的时间在忙，这些数字既反映目标，也反映它自身；用 --workers auto、减小 --concurrency，或用 --rate',
  'its event loop came {0} ms late (p99); fewer connections, or --workers auto':
    '它的事件循环延迟 {0} 毫秒（p99）；减少连接，或用 --workers auto',
  'TCP sent {0} segments again: packets were lost on the way, or a backlog was full':
    'TCP 重传了 {0} 个报文段：途中丢包，或连接队列已满',
}
