import { describe, expect, test } from 'vitest'
import { conversationIn, withConversation } from '../../web/address.js'

describe('conversationIn', () => {
  test('reads what withConversation has put into an address, and leaves the rest of it alone', () => {
    const address = withConversation('http://127.0.0.1:8420/?a=1#question', 'cnv_1')
    expect(address).toBe('http://127.0.0.1:8420/?a=1&conversation=cnv_1#question')
    expect(conversationIn(address)).toBe('cnv_1')
    expect(conversationIn(withConversation(address, 'cnv_2'))).toBe('cnv_2')
    expect(withConversation(address, null)).toBe('http://127.0.0.1:8420/?a=1#question')
  })

  test('finds none where none is named', () => {
    expect(conversationIn('http://127.0.0.1:8420/?conversation=')).toBeNull()
    expect(conversationIn('http://127.0.0.1:8420/')).toBeNull()
  })
})
