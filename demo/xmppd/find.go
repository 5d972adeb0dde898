package xmppd

import (
	"fmt"
	"os"
	"os/exec"
)

// find looks for a program. If the program is missing, the error says how to install it.
func find(program, pkg string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", Missing(program, pkg)
	}
	return path, nil
}

// Missing returns the error for a program that is not installed, with the command that installs its package on this system.
func Missing(program, pkg string) error {
	for _, manager := range []struct{ program, command string }{
		{"apt-get", "apt-get install"},
		{"dnf", "dnf install"},
		{"apk", "apk add"},
		{"pacman", "pacman -S"},
		{"zypper", "zypper install"},
		{"brew", "brew install"},
	} {
		if _, err := exec.LookPath(manager.program); err == nil {
			return fmt.Errorf("%s is not installed; install the package with: %s %s", program, manager.command, pkg)
		}
	}
	return fmt.Errorf("%s is not installed; install the package %s of your system", program, pkg)
}

// environment returns the environment for a server: only our PATH, and a home of its own.
func environment(home string) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
}

// subscription returns the contact's subscription, or the default.
func (c Contact) subscription() string {
	if c.Subscription == "" {
		return "both"
	}
	return c.Subscription
}
