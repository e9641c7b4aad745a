import type { Sentences } from '../say.js'

/** Why the reference shop cannot listen, or gives up. */
export const SERVER: Sentences = {
  'port {0} is already in use': '端口 {0} 已被占用',
  'stop what uses it, or take another with {0} (0 picks a free one)':
    '请停掉占用它的程序，或用 {0} 换一个端口（0 表示自动挑选）',
  'on macOS it may belong to AirPlay Receiver: turn that off in System Settings › General › AirDrop & Handoff, or take another with --port':
    '在 macOS 上它可能被“隔空播放接收器”占用：请在“系统设置 › 通用 › 隔空投送与接力”里关闭，或用 --port 换一个端口',
  'port {0} needs privileges': '端口 {0} 需要特权',
  'take one from 1024 up with {0}': '请用 {0} 指定 1024 及以上的端口',
  'host {0} is not an address of this machine': '主机 {0} 不是本机的地址',
  'try --host 127.0.0.1': '请试试 --host 127.0.0.1',
  'cannot listen on {0}:{1}: {2}': '无法监听 {0}:{1}：{2}',
  '{0} workers died within {1} s, the last one by {2}': '{1} 秒内有 {0} 个 worker 退出，最后一个因 {2}',
  'try --workers 1 to see why': '请用 --workers 1 查看原因',
}
