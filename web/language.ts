import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { type Language, type Messages, messages, pickLanguage } from './messages.js'

const storageKey = 'inkstone.language'

const MessagesContext = createContext<Messages>(messages.en)

export const MessagesProvider = MessagesContext.Provider

/** What the page says, in the language chosen. */
export function useMessages(): Messages {
  return useContext(MessagesContext)
}

/** The language chosen and the way to choose another one, which is remembered. */
export function useLanguage(): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState(() => pickLanguage(localStorage.getItem(storageKey), navigator.languages))
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = messages[language].product
  }, [language])
  const choose = (chosen: Language) => {
    localStorage.setItem(storageKey, chosen)
    setLanguage(chosen)
  }
  return [language, choose]
}
