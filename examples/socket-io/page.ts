import { showPage } from '../small-desk/page/show-page'
import { connect } from './connect'

showPage('Socket.IO', connect)
