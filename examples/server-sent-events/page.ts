import { showPage } from '../small-desk/page/show-page'
import { connect } from './connect'

showPage('server-sent events', connect)
