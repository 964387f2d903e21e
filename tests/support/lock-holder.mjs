// Takes the lock of the home given as an argument, says so, and keeps it until it is killed.
import { lockHome } from '../../dist/store/home-lock.js'

const [, , dir] = process.argv
try {
  await lockHome(dir, { url: 'http://127.0.0.1:1' })
  process.stdout.write('locked\n')
  setInterval(() => {}, 1000)
} catch (error) {
  process.stdout.write(`${error.code}\n`)
}
