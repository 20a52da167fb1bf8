// Its version 2: one token, which is refreshed until MaxRefresh has passed.
package main

import (
	"net/http"
	"os"
	"strconv"
	"time"

	jwt "github.com/appleboy/gin-jwt"
	"github.com/gin-gonic/gin"
)

type login struct {
	Username string `json:"username" binding:"required"`
	Password string `json:"password" binding:"required"`
}

func main() {
	lifetime, _ := strconv.Atoi(os.Getenv("LIFETIME"))
	middleware := &jwt.GinJWTMiddleware{
		Realm:       "test",
		Key:         []byte("a key of the test, long enough for HS256"),
		Timeout:     time.Duration(lifetime) * time.Second,
		MaxRefresh:  time.Hour,
		IdentityKey: "id",
		PayloadFunc: func(data interface{}) jwt.MapClaims {
			return jwt.MapClaims{"id": data}
		},
		Authenticator: func(c *gin.Context) (interface{}, error) {
			var given login
			if err := c.ShouldBind(&given); err != nil {
				return nil, jwt.ErrMissingLoginValues
			}
			if given.Username != "ada" || given.Password != "lovelace" {
				return nil, jwt.ErrFailedAuthentication
			}
			return given.Username, nil
		},
	}
	if err := middleware.MiddlewareInit(); err != nil {
		panic(err)
	}

	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.POST("/login", middleware.LoginHandler)
	router.POST("/logout", middleware.LogoutHandler)
	router.GET("/auth/refresh_token", middleware.RefreshHandler)
	router.GET("/me", middleware.MiddlewareFunc(), func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"name": jwt.ExtractClaims(c)["id"]})
	})
	// It keeps no list of tokens: another key is the one way to take all of them back.
	keys := 0
	router.POST("/test/revoke", func(c *gin.Context) {
		keys++
		middleware.Key = []byte("key number " + strconv.Itoa(keys) + " of the test, long enough for HS256")
		c.JSON(http.StatusOK, gin.H{"ok": true})
	})
	router.Run("127.0.0.1:" + os.Getenv("PORT"))
}
