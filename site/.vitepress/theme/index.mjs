import Theme from 'vitepress/theme-without-fonts'
import DemoFrame from './DemoFrame.vue'
import './site.css'

export default {
  extends: Theme,
  enhanceApp({ app }) {
    app.component('DemoFrame', DemoFrame)
  },
}
