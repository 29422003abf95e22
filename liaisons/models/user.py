"""Accounts and the roles granted to them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import Q

from liaisons import roles
from liaisons.models.unit import Unit
from liaisons.permissions import Permission
from xingxian_portal.foundation import audit, clock


class UserManager(BaseUserManager["User"]):
    """Makes accounts; a superuser of Django's command is the portal's 系统管理员."""

    def create_user(self, username: str, password: str | None = None, **extra: Any) -> User:
        """Give a new account; without a password nobody can log in with it."""
        user = self.model(username=username, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **extra: Any) -> User:
        """Give a new account with the role 系统管理员: the trail says that nobody's account made it."""
        with transaction.atomic():
            user = self.create_user(username, password, **extra)
            RoleGrant.objects.create(user=user, role=roles.SYSTEM_ADMIN.slug, granted_at=clock.now())
            audit.record("account.open", subject=user, after={"role": roles.SYSTEM_ADMIN.slug})
        return user


class User(AbstractBaseUser):
    """One person's account; what it may do follows from its role grants alone."""

    username = models.CharField(
        "用户名", max_length=40, unique=True, error_messages={"unique": "这个用户名已有人使用。"}
    )
    name = models.CharField("姓名", max_length=30)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="单位")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_set_at = models.DateTimeField("密码设置时间", null=True, blank=True)
    invited_at = models.DateTimeField("邀请时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=clock.real_now)
    closed_at = models.DateTimeField("停用时间", null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField("匿名化时间", null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = verbose_name
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | Q(is_active=False), name="who_is_anonymous_logs_in_no_more"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def grants(self) -> list[RoleGrant]:
        """Give the account's role grants with their units: one query, kept as long as this object."""
        return list(self.role_grants.all())

    @cached_property
    def unread_notices(self) -> int:
        """Count the notices not opened yet; the log-in backend brings the number along with the account."""
        return self.notices.filter(opened_at__isnull=True).count()

    @cached_property
    def has_second_factor(self) -> bool:
        """Say whether the account logs in with a code too; the log-in backend brings the answer along."""
        from liaisons.models.authenticator import Authenticator  # late: its table names this one

        return Authenticator.objects.filter(user=self, confirmed=True).exists()

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Give everything any of the account's roles allows, for whichever unit."""
        if not self.is_active:
            return frozenset()
        return frozenset().union(*(roles.BY_SLUG[grant.role].permissions for grant in self.grants))

    @property
    def role_names(self) -> list[str]:
        """Give the Chinese names of the account's roles."""
        return [roles.BY_SLUG[grant.role].name for grant in self.grants]

    def may(self, permission: Permission) -> bool:
        """Say whether any role of the account allows `permission`."""
        return permission in self.permissions

    def unit_ids_with(self, permission: Permission) -> set[int]:
        """Give the units for which the account holds an own-unit `permission`."""
        if not self.is_active:
            return set()
        return {g.unit_id for g in self.grants if g.unit_id and permission in roles.BY_SLUG[g.role].permissions}

    # Django's administration asks these; it serves reference data to the 系统管理员 alone.
    @property
    def is_staff(self) -> bool:
        """Say whether the account may enter Django's administration."""
        return self.may(Permission.MANAGE_UNITS)

    @property
    def is_superuser(self) -> bool:
        """Nobody stands above the roles."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Answer Django's administration; business tables are read-only there."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Answer Django's administration."""
        return self.is_staff


class FormerPassword(models.Model):
    """The hash of a password that its owner chose once: the last of them may not be chosen again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords", verbose_name="账号")
    password = models.CharField("密码摘要", max_length=128)

    class Meta:
        verbose_name = "用过的密码"
        verbose_name_plural = verbose_name
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.user)


class RoleGrantManager(models.Manager["RoleGrant"]):
    """Brings each grant's unit along: no page shows a role without it, and one by one they would be many queries."""

    def get_queryset(self) -> models.QuerySet[RoleGrant]:
        """Give the grants with their units."""
        return super().get_queryset().select_related("unit")


class RoleGrant(models.Model):
    """One role given to one account, for one unit where the role is a unit's."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=roles.CHOICES)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="单位")
    granted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="授予人"
    )
    granted_at = models.DateTimeField("授予时间")

    objects = RoleGrantManager()

    class Meta:
        verbose_name = "角色授予"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=Q(unit__isnull=False), name="one_grant_per_unit"
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(unit__isnull=True), name="one_grant_for_the_county"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(role__in=roles.ADMINISTRATORS), name="administrators_are_separate_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.get_role_display()}"
