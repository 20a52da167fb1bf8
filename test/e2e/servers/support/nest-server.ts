import 'reflect-metadata'
import { randomUUID } from 'node:crypto'
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Module,
  Post,
  Req,
  type Type,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { JwtModule, JwtService } from '@nestjs/jwt'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Request } from 'express'
import { type Backing, listening, type Stage } from './backend.js'

/** A sign-in; its refresh token is good as long as the hash in it is the session's. */
interface SessionRow {
  email: string
  hash: string
}

interface Claims {
  email: string
  sessionId: string
  hash?: string
}

type SignedRequest = Request & { user: Claims }

const accessSecret = randomUUID()
const refreshSecret = randomUUID()

/**
 * NestJS as its common boilerplate does it: the refresh takes the refresh token as Bearer, and both tokens are new after
 * it. What the boilerplate leaves to passport, two guards do here, as in Nest's own documentation.
 */
export function createNestServer(stage: Stage): Backing {
  const { counters } = stage
  /** Outlives restarts, as a database does. */
  const sessions = new Map<string, SessionRow>()

  class AuthController {
    readonly #jwt: JwtService
    constructor(jwt: JwtService) {
      this.#jwt = jwt
    }

    login({ email }: { email: string }) {
      const sessionId = randomUUID()
      const row = { email, hash: randomUUID() }
      sessions.set(sessionId, row)
      return { ...this.#tokens(sessionId, row), user: { email } }
    }

    refresh({ user: { sessionId, hash } }: SignedRequest) {
      const row = sessions.get(sessionId)
      if (row?.hash !== hash || !row) {
        counters.refreshesRefused++
        throw new UnauthorizedException()
      }
      row.hash = randomUUID()
      counters.refreshes++
      return this.#tokens(sessionId, row)
    }

    me({ user: { email } }: SignedRequest) {
      counters.answered++
      return { email }
    }

    logout({ user: { sessionId } }: SignedRequest): void {
      sessions.delete(sessionId)
      counters.signOuts++
    }

    #tokens(sessionId: string, { email, hash }: SessionRow) {
      const { lifetimeS } = stage
      return {
        token: this.#jwt.sign({ email, sessionId }, { secret: accessSecret, expiresIn: lifetimeS }),
        refreshToken: this.#jwt.sign({ sessionId, hash }, { secret: refreshSecret, expiresIn: '10y' }),
        tokenExpires: Date.now() + lifetimeS * 1000,
      }
    }
  }

  const AccessGuard = guardBy(accessSecret, () => counters.refused++)
  const RefreshGuard = guardBy(refreshSecret, () => counters.refreshesRefused++)

  class AppModule {}

  // Decorators are functions, and nothing in these tests compiles their syntax.
  Inject(JwtService)(AuthController, undefined, 0)
  Controller('auth')(AuthController)
  const route = (name: 'login' | 'refresh' | 'me' | 'logout', ...decorators: MethodDecorator[]): void => {
    const { prototype } = AuthController
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
    for (const decorate of decorators) decorate(prototype, name, descriptor)
  }
  route('login', Post('email/login'), HttpCode(200))
  Body()(AuthController.prototype, 'login', 0)
  route('refresh', Post('refresh'), HttpCode(200), UseGuards(RefreshGuard))
  route('me', Get('me'), UseGuards(AccessGuard))
  route('logout', Post('logout'), HttpCode(204), UseGuards(AccessGuard))
  for (const name of ['refresh', 'me', 'logout']) Req()(AuthController.prototype, name, 0)
  Module({ imports: [JwtModule.register({})], controllers: [AuthController] })(AppModule)

  return {
    async listen(port) {
      const app = await NestFactory.create<NestExpressApplication>(AppModule, {
        logger: false,
        abortOnError: false,
        forceCloseConnections: true,
      })
      app.setGlobalPrefix('api/v1')
      app.enableCors({ origin: stage.pageOrigin })
      await app.listen(port, '127.0.0.1')
      return { ...listening(app.getHttpServer()), close: () => app.close() }
    },
    revoke(user) {
      for (const [id, { email }] of sessions) if (email === user) sessions.delete(id)
    },
  }
}

/** Lets those pass whose Bearer token is signed with this secret, and good. */
function guardBy(secret: string, countRefusal: () => void): Type<CanActivate> {
  class BearerGuard implements CanActivate {
    readonly #jwt: JwtService
    constructor(jwt: JwtService) {
      this.#jwt = jwt
    }

    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<SignedRequest>()
      const [, token = ''] = request.headers.authorization?.split('Bearer ') ?? []
      try {
        request.user = this.#jwt.verify<Claims>(token, { secret })
        return true
      } catch {
        countRefusal()
        throw new UnauthorizedException()
      }
    }
  }
  Injectable()(BearerGuard)
  Inject(JwtService)(BearerGuard, undefined, 0)
  return BearerGuard
}
