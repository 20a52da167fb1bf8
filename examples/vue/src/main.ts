import { sessionPlugin } from 'latchkey/vue'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { session } from './session'

createApp(App).use(createPinia()).use(sessionPlugin(session)).mount('#app')
