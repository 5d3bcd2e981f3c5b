import { Component, type ReactNode } from 'react'

/** Shows something else when a screen of ours breaks: the bar above it, with the way out, stays. */
export class PageFault extends Component<{ instead: ReactNode; children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false }
  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true }
  }
  override render(): ReactNode {
    return this.state.isBroken ? this.props.instead : this.props.children
  }
}
