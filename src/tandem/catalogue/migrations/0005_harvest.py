from collections import Counter

import django.db.models.deletion
from django.db import migrations, models


_AT_ONCE = 1_000


def _carry_over(apps, schema_editor):
    """Findings become rows, harvested datasets get a record of where they came from, no run runs any more."""
    run, finding = apps.get_model("catalogue", "HarvestRun"), apps.get_model("catalogue", "HarvestFinding")
    run.objects.filter(state="running").update(state="failed")
    for each in run.objects.iterator(chunk_size=20):
        rows = [
            finding(run=each, severity=one["severity"], code=one["code"], path=one["path"][:2_000], values=one)
            for one in each.findings
        ]
        finding.objects.bulk_create(rows, _AT_ONCE)
        each.finding_counts = dict(Counter(one["code"] for one in each.findings))
        each.save(update_fields=["finding_counts"])
    dataset, record = apps.get_model("catalogue", "Dataset"), apps.get_model("catalogue", "HarvestRecord")
    waiting = []
    for each in dataset.objects.filter(source__isnull=False).iterator(chunk_size=_AT_ONCE):
        url = each.description.get("landing_page") or each.iri
        waiting.append(
            record(
                dataset=each,
                original_url=url[:2_000] if url.startswith("http") else "",
                first_seen_at=each.created_at,
                last_seen_at=each.changed_at,
            )
        )
        if len(waiting) >= _AT_ONCE:
            record.objects.bulk_create(waiting)
            waiting = []
    record.objects.bulk_create(waiting)


def _carry_back(apps, schema_editor):
    """The first thousand findings of each run go back into it."""
    for each in apps.get_model("catalogue", "HarvestRun").objects.iterator(chunk_size=20):
        each.findings = list(each.found.order_by("pk").values_list("values", flat=True)[:1_000])
        each.save(update_fields=["findings"])


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_quality'),
    ]

    operations = [
        migrations.CreateModel(
            name='HarvestFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.CharField(max_length=10)),
                ('code', models.CharField(max_length=100)),
                ('path', models.CharField(blank=True, max_length=2000)),
                ('values', models.JSONField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='HarvestPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000)),
                ('etag', models.CharField(blank=True, max_length=200)),
                ('last_modified', models.CharField(blank=True, max_length=100)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('next_url', models.CharField(blank=True, max_length=2000)),
                ('records_held', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='HarvestRecord',
            fields=[
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='harvest_record', serialize=False, to='catalogue.dataset')),
                ('name', models.CharField(blank=True, db_index=True, max_length=200)),
                ('original_url', models.CharField(blank=True, max_length=2000)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(
            model_name='harvestsource',
            name='etag',
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='finding_counts',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='heartbeat_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='job',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='left_out',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='pages_unchanged',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='said',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='samples',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='harvestrun',
            name='withheld',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='harvestsource',
            name='cursor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='harvestsource',
            name='fingerprint',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='harvestsource',
            name='full_read_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='harvestsource',
            name='kind',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='harvestsource',
            name='rules',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='harvestsource',
            name='schedule',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AlterField(
            model_name='harvestrun',
            name='state',
            field=models.CharField(default='running', max_length=12),
        ),
        migrations.AlterField(
            model_name='harvestsource',
            name='url',
            field=models.URLField(max_length=500, verbose_name='address of the catalogue'),
        ),
        migrations.AddField(
            model_name='harvestfinding',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='found', to='catalogue.harvestrun'),
        ),
        migrations.AddField(
            model_name='harvestpage',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='catalogue.harvestsource'),
        ),
        migrations.AddField(
            model_name='harvestrecord',
            name='page',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='records', to='catalogue.harvestpage'),
        ),
        migrations.AddIndex(
            model_name='harvestfinding',
            index=models.Index(fields=['run', 'code'], name='finding_run_code'),
        ),
        migrations.AddConstraint(
            model_name='harvestpage',
            constraint=models.UniqueConstraint(fields=('source', 'url'), name='one_page_per_address'),
        ),
        migrations.RunPython(_carry_over, _carry_back),
        migrations.RemoveField(
            model_name='harvestrun',
            name='findings',
        ),
        migrations.AlterField(
            model_name='harvestfinding',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='catalogue.harvestrun'),
        ),
        migrations.AddConstraint(
            model_name='harvestrun',
            constraint=models.UniqueConstraint(condition=models.Q(('dry_run', False), ('state', 'running')), fields=('source',), name='one_harvest_at_a_time'),
        ),
    ]
