# A Rails app in one file: Doorkeeper's own controllers, and an API behind its guard.
require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'tmpdir'
require 'webrick'
require 'rack/handler/webrick'

ENV['RAILS_ENV'] = 'production'
ENV['DATABASE_URL'] = "sqlite3:#{Dir.mktmpdir('latchkey-doorkeeper-')}/app.sqlite3?pool=50&timeout=20000"
require 'doorkeeper'

class App < Rails::Application
  config.load_defaults 6.1
  config.eager_load = false
  config.secret_key_base = 'a key of the test, long enough for it'
  config.logger = Logger.new(IO::NULL)
  config.hosts.clear
end

Doorkeeper.configure do
  orm :active_record
  api_only
  base_controller 'ActionController::API'
  grant_flows %w[password]
  resource_owner_from_credentials do |_|
    User.find_by(name: params[:username]) if params[:password] == 'lovelace'
  end
  access_token_expires_in Integer(ENV.fetch('LIFETIME'))
  use_refresh_token
  skip_client_authentication_for_password_grant true
end

class MeController < ActionController::API
  before_action :doorkeeper_authorize!

  def show
    render json: { name: User.find(doorkeeper_token.resource_owner_id).name }
  end
end

class RevokeController < ActionController::API
  def create
    Doorkeeper::AccessToken.where(revoked_at: nil).each(&:revoke)
    render json: { ok: true }
  end
end

App.initialize!
App.routes.draw do
  use_doorkeeper { skip_controllers :authorizations, :applications, :authorized_applications }
  get 'me', to: 'me#show'
  post 'test/revoke', to: 'revoke#create'
end

class User < ActiveRecord::Base; end

# The columns of its own migration.
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:users) { |t| t.string :name }
  create_table :oauth_applications do |t|
    t.string :name, :uid, :secret, null: false
    t.text :redirect_uri
    t.string :scopes, null: false, default: ''
    t.boolean :confidential, null: false, default: true
    t.timestamps null: false
  end
  create_table :oauth_access_tokens do |t|
    t.references :resource_owner, index: true
    t.references :application
    t.string :token, null: false
    t.string :refresh_token
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :scopes
    t.string :previous_refresh_token, null: false, default: ''
  end
end
User.create!(name: 'ada')
Doorkeeper::Application.create!(
  name: 'spa', uid: 'spa', secret: '', redirect_uri: 'https://app.example.com/', confidential: false
)

quiet = { Logger: WEBrick::Log.new(IO::NULL), AccessLog: [] }
Rack::Handler::WEBrick.run(App, Host: '127.0.0.1', Port: Integer(ENV.fetch('PORT')), **quiet)
