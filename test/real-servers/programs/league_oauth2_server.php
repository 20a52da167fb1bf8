<?php

// The server of Laravel Passport, without Laravel. PHP runs this file once for each request, so what it knows lies in a file.
// Its interfaces have types since version 9; parameters without types fit version 8 too.

use League\OAuth2\Server\AuthorizationServer;
use League\OAuth2\Server\CryptKey;
use League\OAuth2\Server\Entities\AccessTokenEntityInterface;
use League\OAuth2\Server\Entities\ClientEntityInterface;
use League\OAuth2\Server\Entities\RefreshTokenEntityInterface;
use League\OAuth2\Server\Entities\ScopeEntityInterface;
use League\OAuth2\Server\Entities\Traits\AccessTokenTrait;
use League\OAuth2\Server\Entities\Traits\ClientTrait;
use League\OAuth2\Server\Entities\Traits\EntityTrait;
use League\OAuth2\Server\Entities\Traits\RefreshTokenTrait;
use League\OAuth2\Server\Entities\Traits\TokenEntityTrait;
use League\OAuth2\Server\Entities\UserEntityInterface;
use League\OAuth2\Server\Exception\OAuthServerException;
use League\OAuth2\Server\Grant\PasswordGrant;
use League\OAuth2\Server\Grant\RefreshTokenGrant;
use League\OAuth2\Server\Repositories\AccessTokenRepositoryInterface;
use League\OAuth2\Server\Repositories\ClientRepositoryInterface;
use League\OAuth2\Server\Repositories\RefreshTokenRepositoryInterface;
use League\OAuth2\Server\Repositories\ScopeRepositoryInterface;
use League\OAuth2\Server\Repositories\UserRepositoryInterface;
use League\OAuth2\Server\ResourceServer;
use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7Server\ServerRequestCreator;

error_reporting(E_ALL & ~E_DEPRECATED);
$home = getenv('MODULES');
require "$home/vendor/autoload.php";

class Client implements ClientEntityInterface
{
    use EntityTrait, ClientTrait;

    public function __construct()
    {
        $this->setIdentifier('spa');
        $this->name = 'spa';
        $this->isConfidential = false;
    }
}

class User implements UserEntityInterface
{
    use EntityTrait;
}

class AccessToken implements AccessTokenEntityInterface
{
    use AccessTokenTrait, EntityTrait, TokenEntityTrait;
}

class RefreshToken implements RefreshTokenEntityInterface
{
    use EntityTrait, RefreshTokenTrait;
}

class Clients implements ClientRepositoryInterface
{
    public function getClientEntity($id): ?ClientEntityInterface
    {
        return $id === 'spa' ? new Client() : null;
    }

    public function validateClient($id, $secret, $grantType): bool
    {
        return $id === 'spa';
    }
}

class Scopes implements ScopeRepositoryInterface
{
    public function getScopeEntityByIdentifier($identifier): ?ScopeEntityInterface
    {
        return null;
    }

    public function finalizeScopes($scopes, $grantType, $client, $user = null, $authCodeId = null): array
    {
        return $scopes;
    }
}

class Users implements UserRepositoryInterface
{
    public function getUserEntityByUserCredentials($name, $password, $grantType, $client): ?UserEntityInterface
    {
        if ($name !== 'ada' || $password !== 'lovelace') {
            return null;
        }
        $user = new User();
        $user->setIdentifier($name);
        return $user;
    }
}

/** Identifiers of the tokens that were issued and not revoked. */
class Tokens
{
    private PDO $database;

    public function __construct(string $file)
    {
        $this->database = new PDO("sqlite:$file");
        $this->database->exec('CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY)');
    }

    public function add(string $id): void
    {
        $this->database->prepare('INSERT INTO tokens VALUES (?)')->execute([$id]);
    }

    public function remove(string $id): void
    {
        $this->database->prepare('DELETE FROM tokens WHERE id = ?')->execute([$id]);
    }

    public function clear(): void
    {
        $this->database->exec('DELETE FROM tokens');
    }

    public function isGone(string $id): bool
    {
        $found = $this->database->prepare('SELECT 1 FROM tokens WHERE id = ?');
        $found->execute([$id]);
        return $found->fetch() === false;
    }
}

class AccessTokens implements AccessTokenRepositoryInterface
{
    public function __construct(private Tokens $tokens)
    {
    }

    public function getNewToken($client, $scopes, $userId = null): AccessTokenEntityInterface
    {
        $token = new AccessToken();
        $token->setClient($client);
        $token->setUserIdentifier($userId);
        return $token;
    }

    public function persistNewAccessToken($token): void
    {
        $this->tokens->add($token->getIdentifier());
    }

    public function revokeAccessToken($id): void
    {
        $this->tokens->remove($id);
    }

    public function isAccessTokenRevoked($id): bool
    {
        return $this->tokens->isGone($id);
    }
}

class RefreshTokens implements RefreshTokenRepositoryInterface
{
    public function __construct(private Tokens $tokens)
    {
    }

    public function getNewRefreshToken(): ?RefreshTokenEntityInterface
    {
        return new RefreshToken();
    }

    public function persistNewRefreshToken($token): void
    {
        $this->tokens->add($token->getIdentifier());
    }

    public function revokeRefreshToken($id): void
    {
        $this->tokens->remove($id);
    }

    public function isRefreshTokenRevoked($id): bool
    {
        return $this->tokens->isGone($id);
    }
}

/** A key pair for this installation. */
function keys(string $file): array
{
    if (!file_exists($file)) {
        openssl_pkey_export(openssl_pkey_new(['private_key_bits' => 2048]), $private);
        file_put_contents($file, $private, LOCK_EX);
        chmod($file, 0600);
    }
    $private = file_get_contents($file);
    $public = openssl_pkey_get_details(openssl_pkey_get_private($private))['key'];
    return [new CryptKey($private, null, false), new CryptKey($public, null, false)];
}

$state = "$home/state-" . getenv('PORT');
$tokens = new Tokens("$state.sqlite");
[$privateKey, $publicKey] = keys("$state.pem");
$factory = new Psr17Factory();
$request = (new ServerRequestCreator($factory, $factory, $factory, $factory))->fromGlobals();

function issue($request, $response, Tokens $tokens, CryptKey $key)
{
    $server = new AuthorizationServer(
        new Clients(),
        new AccessTokens($tokens),
        new Scopes(),
        $key,
        base64_encode(str_repeat('k', 32))
    );
    $lifetime = new DateInterval('PT' . getenv('LIFETIME') . 'S');
    $refreshTokens = new RefreshTokens($tokens);
    $server->enableGrantType(new PasswordGrant(new Users(), $refreshTokens), $lifetime);
    $server->enableGrantType(new RefreshTokenGrant($refreshTokens), $lifetime);
    return $server->respondToAccessTokenRequest($request, $response);
}

function me($request, $response, Tokens $tokens, CryptKey $key)
{
    $server = new ResourceServer(new AccessTokens($tokens), $key);
    $name = $server->validateAuthenticatedRequest($request)->getAttribute('oauth_user_id');
    $response->getBody()->write(json_encode(['name' => $name]));
    return $response->withHeader('Content-Type', 'application/json');
}

$response = $factory->createResponse();
try {
    switch ($request->getUri()->getPath()) {
        case '/oauth/token':
            $response = issue($request, $response, $tokens, $privateKey);
            break;
        case '/me':
            $response = me($request, $response, $tokens, $publicKey);
            break;
        case '/test/revoke':
            $tokens->clear();
            break;
        default:
            $response = $response->withStatus(404);
    }
} catch (OAuthServerException $error) {
    $response = $error->generateHttpResponse($factory->createResponse());
}
http_response_code($response->getStatusCode());
foreach ($response->getHeaders() as $name => $values) {
    header("$name: " . implode(', ', $values));
}
echo $response->getBody();
