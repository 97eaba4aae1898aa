
import django.db.models.deletion
import django.utils.timezone
import tandem.accounts.models
import tandem.participation.domain.following
import tandem.core.publication
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("language", models.CharField(max_length=2)),
                ("category", models.CharField(blank=True, max_length=40)),
                ("geometry", models.JSONField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place in words")),
                ("photo", models.CharField(blank=True, max_length=300)),
                ("photo_alternative", models.CharField(blank=True, max_length=200)),
                ("author_label", models.CharField(blank=True, max_length=80)),
                ("channel", models.CharField(default="web", max_length=10)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("support_count", models.PositiveIntegerField(default=0)),
                ("comment_count", models.PositiveIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        default=tandem.participation.domain.following.ContributionStatus["RECEIVED"],
                        max_length=20,
                    ),
                ),
                ("cost_cents", models.PositiveBigIntegerField(blank=True, null=True)),
                ("feasible", models.BooleanField(blank=True, null=True)),
                ("check_note", models.TextField(blank=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("is_example", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-received_at", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ideas", "ideas"),
                            ("statements", "statements"),
                            ("budget-submit", "budget-submit"),
                            ("budget-check", "budget-check"),
                            ("budget-vote", "budget-vote"),
                            ("budget-result", "budget-result"),
                            ("opinion-map", "opinion-map"),
                            ("survey", "survey"),
                        ],
                        max_length=20,
                    ),
                ),
                ("titles", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("admitted", models.JSONField(blank=True, null=True)),
                ("settings", models.JSONField(default=dict)),
                ("period", models.JSONField(default=dict)),
                ("results_published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["process", "number"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("status", models.CharField(max_length=20)),
                ("texts", models.JSONField(default=dict)),
                ("office", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="participation.contribution",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("guest", "guest"),
                            ("email", "email"),
                            ("account", "account"),
                            ("code", "code"),
                            ("staff", "staff"),
                        ],
                        max_length=10,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="display name")),
                (
                    "pseudonym",
                    models.CharField(
                        default=tandem.accounts.models.fresh_pseudonym,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("digest", models.CharField(default="daily", max_length=10)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("blocked_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="participant",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="contribution",
            name="participant",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="contributions",
                to="participation.participant",
            ),
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("author_label", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField(verbose_name="comment")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_official", models.BooleanField(default=False)),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="participation.contribution",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comments",
                        to="participation.participant",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OpinionResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("votes", models.PositiveIntegerField(default=0)),
                ("mark", models.CharField(blank=True, max_length=120)),
                ("state", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("computed_at", models.DateTimeField()),
                (
                    "phase",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinion_result",
                        to="participation.phase",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="contribution",
            name="phase",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contributions",
                to="participation.phase",
            ),
        ),
        migrations.CreateModel(
            name="CastBallot",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("choices", models.JSONField(default=list)),
                ("points", models.JSONField(default=list)),
                ("channel", models.CharField(default="web", max_length=10)),
                ("sheet", models.CharField(blank=True, max_length=40)),
                ("cast_on", models.DateField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="participation.phase",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.JSONField()),
                ("winners", models.JSONField(default=list)),
                ("explanation", models.JSONField(default=dict)),
                ("election", models.TextField()),
                ("computed_at", models.DateTimeField()),
                (
                    "phase",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="allocation",
                        to="participation.phase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.SlugField(max_length=60)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("kind", models.CharField(max_length=12)),
                ("titles", models.JSONField(default=dict)),
                ("filename", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("byte_size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="participation.phase",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "key", "-version"],
            },
        ),
        migrations.CreateModel(
            name="PlanStatement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=30, unique=True)),
                ("text", models.TextField(verbose_name="statement")),
                ("language", models.CharField(max_length=2)),
                ("receipt", models.BinaryField()),
                ("receipt_sha256", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("channel", models.CharField(default="web", max_length=10)),
                ("is_late", models.BooleanField(default=False)),
                ("author_name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("author_address", models.TextField(blank=True, verbose_name="address")),
                (
                    "author_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("organisation", models.CharField(blank=True, max_length=200, verbose_name="organisation")),
                ("is_public_body", models.BooleanField(default=False)),
                ("cuts", models.JSONField(blank=True, null=True)),
                ("segments", models.JSONField(default=list)),
                ("reply", models.JSONField(default=dict)),
                ("model", models.CharField(blank=True, db_index=True, max_length=30)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("is_example", models.BooleanField(default=False)),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="statements",
                        to="participation.participant",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="participation.phase",
                    ),
                ),
            ],
            options={
                "ordering": ["phase", "sequence"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("filename", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("byte_size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(max_length=300)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="participation.planstatement",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="PollSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sheet", models.CharField(max_length=40)),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_sheet",
                        to="participation.participant",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_sheets",
                        to="participation.phase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PollStatement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=300, verbose_name="statement")),
                ("language", models.CharField(max_length=2)),
                ("author_label", models.CharField(blank=True, max_length=80)),
                ("channel", models.CharField(default="web", max_length=10)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("is_seed", models.BooleanField(default=False)),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="participation.participant",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_statements",
                        to="participation.phase",
                    ),
                ),
            ],
            options={
                "ordering": ["phase", "number"],
            },
        ),
        migrations.CreateModel(
            name="PollVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.SmallIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_votes",
                        to="participation.participant",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_votes",
                        to="participation.phase",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="participation.pollstatement",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Process",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("iri", models.CharField(max_length=300, unique=True)),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("blueprint", models.CharField(max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("withdrawn", "withdrawn")],
                        default=tandem.core.publication.Publication["DRAFT"],
                        max_length=10,
                    ),
                ),
                ("titles", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
                ("outcomes", models.JSONField(default=dict)),
                ("outcome_at", models.DateTimeField(blank=True, null=True)),
                ("dataset", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "processes",
                "ordering": ["-changed_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="phase",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="phases", to="participation.process"
            ),
        ),
        migrations.AddField(
            model_name="contribution",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contributions",
                to="participation.process",
            ),
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("iri", models.CharField(max_length=300, unique=True)),
                ("slug", models.SlugField(max_length=120, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("withdrawn", "withdrawn")],
                        default=tandem.core.publication.Publication["DRAFT"],
                        max_length=10,
                    ),
                ),
                ("titles", models.JSONField(default=dict)),
                ("summaries", models.JSONField(default=dict)),
                ("stories", models.JSONField(default=dict)),
                ("places", models.JSONField(default=dict)),
                ("site", models.JSONField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("begins_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("contact", models.JSONField(default=dict)),
                ("references", models.JSONField(default=list)),
                ("is_example", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-changed_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="process",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="processes",
                to="participation.project",
            ),
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said", models.JSONField()),
                ("path", models.CharField(max_length=300)),
                ("urgent", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="participation.participant",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="participation.project",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="News",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("titles", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="news",
                        to="participation.project",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "news",
                "ordering": ["-published_at"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("titles", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
                ("on", models.DateField()),
                ("precision", models.CharField(default="day", max_length=5)),
                ("is_reached", models.BooleanField(default=False)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="participation.project",
                    ),
                ),
            ],
            options={
                "ordering": ["on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="participation.participant",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="participation.project",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProjectFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=10)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("titles", models.JSONField(default=dict)),
                ("alternatives", models.JSONField(default=dict)),
                ("credit", models.CharField(blank=True, max_length=200)),
                ("filename", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("byte_size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="participation.project",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "added_at"],
            },
        ),
        migrations.CreateModel(
            name="QueueItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("cause", models.CharField(max_length=10)),
                ("hints", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queue",
                        to="participation.process",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=30, unique=True)),
                ("reason", models.CharField(max_length=30)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="participation.participant",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="participation.queueitem",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("action", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=30)),
                ("reasons", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("appeal", models.TextField(blank=True)),
                ("appealed_at", models.DateTimeField(blank=True, null=True)),
                ("appeal_outcome", models.CharField(blank=True, max_length=10)),
                ("appeal_answer", models.TextField(blank=True)),
                ("appeal_decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="decisions",
                        to="participation.participant",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="participation.queueitem",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="participation.contribution",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="participation.participant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SurveyResponse",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("answers", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=2)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("channel", models.CharField(default="web", max_length=10)),
                ("sheet", models.CharField(blank=True, max_length=40)),
                ("given_on", models.DateField()),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="participation.participant",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="participation.phase",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="VoterEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="register",
                        to="participation.phase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VotingCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("batch", models.CharField(blank=True, max_length=60)),
                ("used_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="participation.phase",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("email", ""), _negated=True),
                fields=("email",),
                name="participation_one_per_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="castballot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sheet", ""), _negated=True),
                fields=("phase", "sheet"),
                name="participation_sheet_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="plandocument",
            constraint=models.UniqueConstraint(
                fields=("phase", "key", "version"), name="participation_document_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="planstatement",
            constraint=models.UniqueConstraint(
                fields=("phase", "sequence"), name="participation_statement_sequence"
            ),
        ),
        migrations.AddConstraint(
            model_name="pollsheet",
            constraint=models.UniqueConstraint(
                fields=("phase", "sheet"), name="participation_poll_sheet_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pollstatement",
            constraint=models.UniqueConstraint(fields=("phase", "number"), name="participation_poll_number"),
        ),
        migrations.AddConstraint(
            model_name="pollstatement",
            constraint=models.UniqueConstraint(
                fields=("phase", "participant", "text"), name="participation_poll_text_once"
            ),
        ),
        migrations.AddIndex(
            model_name="pollvote",
            index=models.Index(fields=["phase", "at"], name="participation_poll_votes_at"),
        ),
        migrations.AddIndex(
            model_name="pollvote",
            index=models.Index(fields=["phase", "participant"], name="participation_poll_votes_of"),
        ),
        migrations.AddConstraint(
            model_name="pollvote",
            constraint=models.UniqueConstraint(
                fields=("statement", "participant"), name="participation_poll_vote_once"
            ),
        ),
        migrations.AddIndex(
            model_name="phase",
            index=models.Index(fields=["opens_at", "closes_at"], name="participation_phase_window"),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.UniqueConstraint(
                fields=("process", "number"), name="participation_phase_number"
            ),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["process", "kind", "-received_at"], name="participation_newest"),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["process", "kind", "-support_count"], name="participation_supported"),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.UniqueConstraint(
                fields=("process", "kind", "number"), name="participation_contribution_number"
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["status", "-changed_at"], name="participation_project_status"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("sent_at", None)),
                fields=["participant", "at"],
                name="participation_notice_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(
                fields=("project", "participant"), name="participation_follow_once"
            ),
        ),
        migrations.AddIndex(
            model_name="queueitem",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["opened_at"], name="participation_queue_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="queueitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("subject_kind", "subject_id"),
                name="participation_one_open_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.UniqueConstraint(
                fields=("contribution", "participant"), name="participation_support_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyresponse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("phase", "key"),
                name="participation_answer_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyresponse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sheet", ""), _negated=True),
                fields=("phase", "sheet"),
                name="participation_form_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="voterentry",
            constraint=models.UniqueConstraint(fields=("phase", "key"), name="participation_one_vote"),
        ),
        migrations.AddConstraint(
            model_name="votingcode",
            constraint=models.UniqueConstraint(fields=("phase", "digest"), name="participation_code_once"),
        ),
    ]
