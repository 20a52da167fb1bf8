# A Rails app in one file, as the README of jwt_sessions has it, with its protection against theft.
require 'rails'
require 'action_controller/railtie'
require 'webrick'
require 'rack/handler/webrick'
require 'jwt_sessions'

ENV['RAILS_ENV'] = 'production'

class App < Rails::Application
  config.load_defaults 6.1
  config.eager_load = false
  config.secret_key_base = 'a key of the test, long enough for it'
  config.logger = Logger.new(IO::NULL)
  config.hosts.clear
end

JWTSessions.token_store = :memory
JWTSessions.signing_key = 'a key of the test, long enough for HS256'
JWTSessions.access_exp_time = Integer(ENV.fetch('LIFETIME'))

class ApplicationController < ActionController::API
  include JWTSessions::RailsAuthorization
  rescue_from JWTSessions::Errors::Unauthorized do
    render json: { error: 'Not authorized' }, status: :unauthorized
  end
end

class LoginController < ApplicationController
  def create
    raise JWTSessions::Errors::Unauthorized unless params[:password] == 'lovelace'

    render json: JWTSessions::Session.new(payload: { name: params[:username] }, namespace: 'ada').login
  end

  def destroy
    authorize_refresh_request!
    JWTSessions::Session.new(payload: payload, namespace: 'ada').flush_by_token(found_token)
    render json: { ok: true }
  end
end

class RefreshController < ApplicationController
  before_action :authorize_refresh_request!

  def create
    session = JWTSessions::Session.new(payload: payload.slice('name'), namespace: 'ada')
    tokens = session.refresh(found_token) do
      raise JWTSessions::Errors::Unauthorized, 'Malicious activity detected'
    end
    render json: tokens
  end
end

class MeController < ApplicationController
  before_action :authorize_access_request!

  def show
    render json: { name: payload['name'] }
  end
end

class RevokeController < ApplicationController
  def create
    JWTSessions::Session.new(namespace: 'ada').flush_namespaced
    render json: { ok: true }
  end
end

App.initialize!
App.routes.draw do
  post 'login', to: 'login#create'
  post 'logout', to: 'login#destroy'
  post 'refresh', to: 'refresh#create'
  get 'me', to: 'me#show'
  post 'test/revoke', to: 'revoke#create'
end

quiet = { Logger: WEBrick::Log.new(IO::NULL), AccessLog: [] }
Rack::Handler::WEBrick.run(App, Host: '127.0.0.1', Port: Integer(ENV.fetch('PORT')), **quiet)
